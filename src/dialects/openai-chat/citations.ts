// Annotations of an answer. Chat knows one kind that others know as well, `url_citation`, counted in
// characters over the whole text of the message.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import { lengthIn, passageIn } from "../citations.ts";
import type { ClientContext } from "../dialect.ts";
import type { Citation, Citations } from "../neutral.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";

/** Annotations as citations. */
export function readAnnotations(items: readonly Json[]): Citations {
  const shared = items.flatMap((item) => readUrlCitation(asObject(item)) ?? []);
  return { origin: OPENAI_CHAT, items, shared };
}

function readUrlCitation(annotation: JsonObject | undefined): Citation | undefined {
  const cited = asObject(annotation?.["url_citation"]);
  const url = asString(cited?.["url"]);
  if (cited === undefined || url === undefined) return undefined;
  const title = asString(cited["title"]);
  const quote = asString(cited["content"]);
  const start = asNumber(cited["start_index"]);
  const end = asNumber(cited["end_index"]);
  const isPlaced = start !== undefined && end !== undefined && end > start;
  return {
    source: { kind: "web", url, ...(title !== undefined && { title }) },
    ...(isPlaced && { passage: { start, end, unit: "code-points" } }),
    ...(quote !== undefined && { quote }),
  };
}

/**
 * The addresses beside an answer, as Perplexity and xAI list them: what it rests on as a whole. They are
 * no annotations, so that a client of this dialect finds them where its vendor puts them.
 */
export function readSourceList(reply: JsonObject): Citations | undefined {
  const titles = new Map(
    asArray(reply["search_results"]).map((entry) => {
      const result = asObject(entry);
      return [asString(result?.["url"]), asString(result?.["title"])] as const;
    }),
  );
  const shared = asArray(reply["citations"]).flatMap((entry): Citation[] => {
    const url = asString(entry) ?? asString(asObject(entry)?.["url"]);
    const title = titles.get(url);
    if (url === undefined) return [];
    return [{ source: { kind: "web", url, ...(title !== undefined && { title }) } }];
  });
  return shared.length === 0 ? undefined : { origin: OPENAI_CHAT, items: [], shared };
}

/** A text of a message, with what stands before it. */
export interface PlacedText {
  readonly text: string;
  readonly before: string;
}

/** Citations as annotations: this dialect's own as they came, of others those of addresses. */
export function writeAnnotations(
  citations: Citations | undefined,
  placed: PlacedText,
  context: Pick<ClientContext, "notice">,
): readonly Json[] {
  if (citations === undefined) return [];
  if (citations.origin === OPENAI_CHAT && citations.items.length > 0) return citations.items;
  const offset = lengthIn(placed.before, "code-points");
  const written = citations.shared.flatMap((citation): Json[] => {
    return writeUrlCitation(citation, placed.text, offset);
  });
  if (written.length < Math.max(citations.shared.length, citations.items.length > 0 ? 1 : 0)) {
    context.notice("dropped", "citations");
  }
  return written;
}

function writeUrlCitation(
  { source, ...citation }: Citation,
  text: string,
  offset: number,
): JsonObject[] {
  if (source.kind !== "web") return [];
  const { start, end } = passageIn(text, { source, ...citation });
  const startIndex = offset + lengthIn(text.slice(0, start), "code-points");
  const length = lengthIn(text.slice(start, end), "code-points");
  const cited = {
    start_index: startIndex,
    end_index: startIndex + length,
    url: source.url,
    title: source.title ?? source.url,
  };
  return [{ type: "url_citation", url_citation: cited }];
}
