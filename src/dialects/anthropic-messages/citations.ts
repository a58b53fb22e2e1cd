// Citations of a text. Anthropic cites by block: a cited passage is a text block of its own, and its
// citations say where in the source they come from.

import type { Json, JsonObject } from "#core/json.ts";
import { asCount, asNumber, asObject, asString } from "#core/json.ts";
import { passageIn } from "../citations.ts";
import type { ClientContext } from "../dialect.ts";
import type { Citation, Citations } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { isEnvelope, UNSIGNED } from "./state-envelope.ts";

/**
 * Citations of a block. Those that were written for another vendor's answer are no items: Anthropic would
 * refuse their index when it came back.
 */
export function readCitations(given: readonly Json[]): Citations {
  const shared = given.flatMap((item) => readCitation(asObject(item) ?? {}) ?? []);
  const items = given.filter((item) => {
    return !isEnvelope(asString(asObject(item)?.["encrypted_index"]) ?? "");
  });
  return { origin: ANTHROPIC_MESSAGES, items, shared };
}

function readCitation(citation: JsonObject): Citation | undefined {
  const source = readSource(citation);
  if (source === undefined) return undefined;
  const quote = asString(citation["cited_text"]) ?? "";
  return { source, ...(quote !== "" && { quote }) };
}

/** Vendor's SDK types, 2026-11. */
function readSource(citation: JsonObject): Citation["source"] | undefined {
  switch (citation["type"]) {
    case "web_search_result_location":
      return webSource(asString(citation["url"]), asString(citation["title"]));
    case "search_result_location": {
      const source = asString(citation["source"]) ?? "";
      const title = asString(citation["title"]);
      if (/^https?:/i.test(source)) return webSource(source, title);
      return { kind: "document", id: source, ...(title !== undefined && { title }) };
    }
    case "char_location":
    case "page_location":
    case "content_block_location": {
      const index = asNumber(citation["document_index"]);
      const title = asString(citation["document_title"]);
      return {
        kind: "document",
        ...(index !== undefined && { index: asCount(index) }),
        ...(title !== undefined && { title }),
      };
    }
    default:
      return undefined;
  }
}

function webSource(url: string | undefined, title: string | undefined) {
  if (url === undefined) return undefined;
  return { kind: "web", url, ...(title !== undefined && { title }) } as const;
}

/** Citations as a block carries them: Anthropic's own as they came, of others those of addresses. */
export function writeCitations(
  citations: Citations | undefined,
  context: Pick<ClientContext, "notice">,
): readonly Json[] {
  if (citations === undefined) return [];
  if (citations.origin === ANTHROPIC_MESSAGES) return citations.items;
  const written = citations.shared.flatMap((citation): Json[] => writeCitation(citation));
  if (written.length < Math.max(citations.shared.length, citations.items.length > 0 ? 1 : 0)) {
    context.notice("dropped", "citations");
  }
  return written;
}

/** One citation, or none where Anthropic has no form for it. */
function writeCitation({ source, quote }: Citation): JsonObject[] {
  if (source.kind !== "web") return [];
  const place = {
    type: "web_search_result_location",
    url: source.url,
    title: source.title ?? null,
    cited_text: quote ?? "",
    // Anthropic's search engine would know its page by this; here it says that there is none.
    encrypted_index: UNSIGNED,
  };
  return [place];
}

/** A piece of a text with what is cited for all of it. */
export interface CitedPiece {
  readonly text: string;
  readonly citations: readonly Json[];
}

/** A text in the pieces that its foreign citations make of it. */
export function citedPieces(
  text: string,
  citations: Citations,
  context: Pick<ClientContext, "notice">,
): CitedPiece[] {
  const placed = citations.shared.map((citation) => {
    return { ...passageIn(text, citation), citation };
  });
  const borders = new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])]);
  const places = [...borders].sort((one, other) => one - other);
  // Says once what cannot be written at all.
  writeCitations(citations, context);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length;
    const here = placed.filter((other) => other.start <= start && other.end >= end);
    const written = here.flatMap(({ citation }): Json[] => writeCitation(citation));
    return { text: text.slice(start, end), citations: written };
  });
}
