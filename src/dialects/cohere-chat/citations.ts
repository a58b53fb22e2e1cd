// Citations of documents and tool results. Cohere counts characters, which are code points.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asNumber, asObject, asString, isJsonObject } from "#core/json.ts";
import { lengthIn, passageIn } from "../citations.ts";
import type { Citation, Citations, TextPart } from "../neutral.ts";
import { COHERE_CHAT } from "./dialect-id.ts";

/** Reads citations of one text, in Cohere's own form and as far as others know them. */
export function readCitations(items: readonly Json[]): Citations {
  return { origin: COHERE_CHAT, items, shared: items.flatMap(readShared) };
}

/** The place in `content` that a citation belongs to. */
export function contentIndexOf(citation: Json): number {
  return asCount(asObject(citation)?.["content_index"]);
}

function readShared(item: Json): Citation[] {
  const citation = asObject(item) ?? {};
  const [start, end] = [asNumber(citation["start"]), asNumber(citation["end"])];
  const passage =
    start === undefined || end === undefined
      ? {}
      : { passage: { start, end, unit: "code-points" as const } };
  const sources = asArray(citation["sources"]).filter(isJsonObject);
  return sources.map((source) => ({ source: readSource(source), ...passage }));
}

/** A document of the caller, or what a tool returned; either may name where it was found. */
function readSource(source: JsonObject): Citation["source"] {
  const held = asObject(source["document"]) ?? asObject(source["tool_output"]);
  const title = asString(held?.["title"]);
  const titled = title === undefined ? {} : { title };
  const url = asString(held?.["url"]);
  if (url !== undefined) return { kind: "web", url, ...titled };
  const id = asString(source["id"]);
  return { kind: "document", ...(id !== undefined && { id }), ...titled };
}

/** Writes the citations of a part: the vendor's own as they came, others as far as they are known. */
export function writeCitations(part: TextPart, contentIndex: number): Json[] {
  const { citations } = part;
  if (citations === undefined) return [];
  if (citations.origin === COHERE_CHAT) return [...citations.items];
  return citations.shared.map((citation) => writeShared(part.text, citation, contentIndex));
}

function writeShared(text: string, citation: Citation, contentIndex: number): JsonObject {
  const { start, end } = passageIn(text, citation);
  const { source } = citation;
  const title = source.title === undefined ? {} : { title: source.title };
  const id = source.kind === "web" ? source.url : (source.id ?? String(source.index ?? 0));
  const document = source.kind === "web" ? { url: source.url, ...title } : title;
  return {
    start: lengthIn(text.slice(0, start), "code-points"),
    end: lengthIn(text.slice(0, end), "code-points"),
    text: text.slice(start, end),
    sources: [{ type: "document", id, document }],
    content_index: contentIndex,
    type: "TEXT_CONTENT",
  };
}
