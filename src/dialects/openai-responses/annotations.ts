// Annotations of a text. One kind is known to others as well: `url_citation`, counted in characters of
// the text that it stands with.

import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import { lengthIn, passageIn } from "../citations.ts";
import type { ClientContext } from "../dialect.ts";
import type { Citation, Citations } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";

/** Annotations as citations. */
export function readAnnotations(items: readonly Json[]): Citations {
  const shared = items.flatMap((item) => readAnnotation(asObject(item)) ?? []);
  return { origin: OPENAI_RESPONSES, items, shared };
}

function readAnnotation(annotation: JsonObject | undefined): Citation | undefined {
  const title = asString(annotation?.["title"]) ?? asString(annotation?.["filename"]);
  const titled = title === undefined ? {} : { title };
  const url = asString(annotation?.["url"]);
  if (annotation?.["type"] === "url_citation" && url !== undefined) {
    const start = asNumber(annotation["start_index"]);
    const end = asNumber(annotation["end_index"]);
    const isPlaced = start !== undefined && end !== undefined && end > start;
    return {
      source: { kind: "web", url, ...titled },
      ...(isPlaced && { passage: { start, end, unit: "code-points" } }),
    };
  }
  const id = asString(annotation?.["file_id"]);
  if (annotation?.["type"] !== "file_citation" || id === undefined) return undefined;
  return { source: { kind: "document", id, ...titled } };
}

/** Citations as annotations: this dialect's own as they came, of others those of addresses. */
export function writeAnnotations(
  citations: Citations | undefined,
  text: string,
  context: Pick<ClientContext, "notice">,
): readonly Json[] {
  if (citations === undefined) return [];
  if (citations.origin === OPENAI_RESPONSES) return citations.items;
  const written = citations.shared.flatMap((citation): Json[] => {
    const annotation = writeUrlCitation(citation, text);
    return annotation === undefined ? [] : [annotation];
  });
  if (written.length < Math.max(citations.shared.length, citations.items.length > 0 ? 1 : 0)) {
    context.notice("dropped", "citations");
  }
  return written;
}

function writeUrlCitation(citation: Citation, text: string): JsonObject | undefined {
  const { source } = citation;
  if (source.kind !== "web") return undefined;
  const { start, end } = passageIn(text, citation);
  const startIndex = lengthIn(text.slice(0, start), "code-points");
  return {
    type: "url_citation",
    start_index: startIndex,
    end_index: startIndex + lengthIn(text.slice(start, end), "code-points"),
    url: source.url,
    title: source.title ?? source.url,
  };
}
