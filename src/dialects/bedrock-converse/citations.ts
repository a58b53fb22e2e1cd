// Citations of a text. Bedrock puts the cited text and what it rests on into one block.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asNumber, asObject, asString } from "#core/json.ts";
import type { Citation, Citations } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";

/** Citations of a `citationsContent` block, or of `citation` deltas. */
export function readCitations(items: readonly Json[]): Citations {
  const shared = items.flatMap((item) => readCitation(asObject(item) ?? {}) ?? []);
  return { origin: BEDROCK_CONVERSE, items, shared };
}

function readCitation(citation: JsonObject): Citation | undefined {
  const source = readSource(citation);
  if (source === undefined) return undefined;
  const quote = asArray(citation["sourceContent"])
    .map((piece) => asString(asObject(piece)?.["text"]) ?? "")
    .join("");
  return { source, ...(quote !== "" && { quote }) };
}

/** Vendor's SDK types, 2026-11: one member of `location` says which kind of source it is. */
function readSource(citation: JsonObject): Citation["source"] | undefined {
  const location = asObject(citation["location"]) ?? {};
  const title = asString(citation["title"]);
  const titled = title === undefined ? {} : { title };
  const url = asString(asObject(location["web"])?.["url"]);
  if (url !== undefined) return { kind: "web", url, ...titled };
  const place =
    asObject(location["documentChar"]) ??
    asObject(location["documentPage"]) ??
    asObject(location["documentChunk"]) ??
    asObject(location["searchResultLocation"]);
  const source = asString(citation["source"]);
  if (/^https?:/i.test(source ?? "")) return { kind: "web", url: source ?? "", ...titled };
  if (place === undefined && source === undefined) return undefined;
  const index = asNumber(place?.["documentIndex"] ?? place?.["searchResultIndex"]);
  return {
    kind: "document",
    ...(index !== undefined && { index: asCount(index) }),
    ...(source !== undefined && { id: source }),
    ...titled,
  };
}

/** Citations as a block carries them: Bedrock's own as they came, of others those of addresses. */
export function writeCitations(citations: Citations): {
  readonly items: readonly Json[];
  /** True when something could not be written. */
  readonly hasLoss: boolean;
} {
  if (citations.origin === BEDROCK_CONVERSE) return { items: citations.items, hasLoss: false };
  const items = citations.shared.flatMap(writeCitation);
  const wanted = Math.max(citations.shared.length, citations.items.length > 0 ? 1 : 0);
  return { items, hasLoss: items.length < wanted };
}

function writeCitation({ source, quote }: Citation): JsonObject[] {
  if (source.kind !== "web") return [];
  return [
    {
      ...(source.title !== undefined && { title: source.title }),
      ...(quote !== undefined && { sourceContent: [{ text: quote }] }),
      location: { web: { url: source.url } },
    },
  ];
}
