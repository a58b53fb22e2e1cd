// Evidence for an answer: what Gemini says of its sources, which others call citations. Google counts
// passages in UTF-8 bytes of a part and names the sources of each by their place in a list.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asNumber, asObject, asString } from "#core/json.ts";
import { lengthIn, passageIn } from "../citations.ts";
import type { Citation, Citations, Part } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";

/** Evidence for an answer; each is one citation item, an object with this one member. */
const EVIDENCE = ["groundingMetadata", "citationMetadata", "urlContextMetadata"] as const;

/** The evidence at a candidate; the last one of a kind counts. */
export function readEvidence(candidate: Fields, known: JsonObject = {}): JsonObject {
  let evidence = known;
  for (const name of EVIDENCE) {
    const value = candidate.value(name);
    if (value !== undefined) evidence = { ...evidence, [name]: value };
  }
  return evidence;
}

/** Evidence as citations; undefined when there is none. */
export function citationsOf(evidence: JsonObject): Citations | undefined {
  const items = Object.entries(evidence).map(([name, value]): Json => ({ [name]: value ?? null }));
  if (items.length === 0) return undefined;
  const placed = readGrounding(asObject(evidence["groundingMetadata"]) ?? {});
  const shared = placed.map(({ partIndex: _partIndex, ...citation }) => citation);
  return { origin: GEMINI_GENERATE, items, shared };
}

/**
 * Puts the evidence on the texts of a candidate: what names a part on that one, all other on the last.
 * A text of its own holds it when there is none.
 */
export function citeTexts(parts: readonly Part[], evidence: JsonObject): Part[] {
  const all = citationsOf(evidence);
  if (all === undefined) return [...parts];
  const last = parts.findLastIndex((part) => part.kind === "text");
  if (last === -1) return [...parts, { kind: "text", text: "", citations: all }];
  const placed = readGrounding(asObject(evidence["groundingMetadata"]) ?? {});
  const homeOf = (named: number | undefined): number => {
    return named !== undefined && parts[named]?.kind === "text" ? named : last;
  };
  return parts.map((part, position) => {
    if (part.kind !== "text") return part;
    const here = placed.filter(({ partIndex }) => homeOf(partIndex) === position);
    const shared = here.map(({ partIndex: _partIndex, ...citation }) => citation);
    const items = position === last ? all.items : [];
    if (shared.length + items.length === 0) return part;
    return { ...part, citations: { origin: GEMINI_GENERATE, items, shared } };
  });
}

/** A citation with the part that it points into, where Google says which. */
interface PlacedCitation extends Citation {
  readonly partIndex?: number;
}

/** Supported passages in their order, then the sources that no passage names: they ground it all. */
function readGrounding(metadata: JsonObject): PlacedCitation[] {
  const sources = asArray(metadata["groundingChunks"]).map((chunk) => readChunk(asObject(chunk)));
  const named = new Set<number>();
  const cited = asArray(metadata["groundingSupports"]).flatMap((entry) => {
    const support = asObject(entry) ?? {};
    const passage = readSegment(asObject(support["segment"]) ?? {});
    return asArray(support["groundingChunkIndices"]).flatMap((position): PlacedCitation[] => {
      const place = asNumber(position) ?? -1;
      const source = sources[place];
      if (source === undefined) return [];
      named.add(place);
      return [{ ...source, ...passage }];
    });
  });
  const others = sources.filter((source, place) => source !== undefined && !named.has(place));
  return [...cited, ...others.filter((source) => source !== undefined)];
}

function readSegment(segment: JsonObject): Pick<PlacedCitation, "passage" | "partIndex"> {
  const start = asCount(segment["startIndex"]);
  const end = asCount(segment["endIndex"]);
  const partIndex = asNumber(segment["partIndex"]);
  return {
    ...(end > start && { passage: { start, end, unit: "utf-8" } }),
    ...(partIndex !== undefined && { partIndex }),
  };
}

/** GroundingChunk (js-genai, 2026-08): a page, a place on a map, an image, or a stored document. */
function readChunk(chunk: JsonObject | undefined): Citation | undefined {
  const page =
    asObject(chunk?.["web"]) ?? asObject(chunk?.["maps"]) ?? asObject(chunk?.["image"]) ?? {};
  const url = asString(page["uri"]) ?? asString(page["sourceUri"]);
  const title = asString(page["title"]);
  if (url !== undefined) {
    return { source: { kind: "web", url, ...(title !== undefined && { title }) } };
  }
  const document = asObject(chunk?.["retrievedContext"]);
  return document === undefined ? undefined : readDocument(document);
}

function readDocument(document: JsonObject): Citation {
  const uri = asString(document["uri"]) ?? "";
  const title = asString(document["title"]);
  const quote = asString(document["text"]) ?? "";
  const named = { ...(title !== undefined && { title }) };
  const id = uri === "" ? asString(document["fileSearchStore"]) : uri;
  const source = /^https?:/i.test(uri)
    ? ({ kind: "web", url: uri, ...named } as const)
    : ({ kind: "document", ...(id !== undefined && { id }), ...named } as const);
  return { source, ...(quote !== "" && { quote }) };
}

type Notices = { notice(kind: "dropped", subject: string): void };

/** Gathers the evidence of one candidate, part by part, and writes it as members of the candidate. */
export class EvidenceWriter {
  readonly #notices: Notices;
  readonly #own: JsonObject = {};
  readonly #chunks: JsonObject[] = [];
  readonly #placeOf = new Map<string, number>();
  readonly #supports: JsonObject[] = [];

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /**
   * @param text of the part that the citations belong to
   * @param place what tells Google where the part is: its index in a whole reply, or how many bytes of
   *   text stand before it in a stream, whose parts clients join
   */
  add(
    citations: Citations,
    text: string,
    place: { partIndex?: number; bytesBefore: number },
  ): void {
    if (citations.origin === GEMINI_GENERATE) {
      for (const item of citations.items) Object.assign(this.#own, asObject(item));
      return;
    }
    let written = 0;
    for (const citation of citations.shared) {
      const chunk = this.#chunkOf(citation);
      if (chunk === undefined) continue;
      written += 1;
      const { start, end } = passageIn(text, citation);
      const startIndex = place.bytesBefore + lengthIn(text.slice(0, start), "utf-8");
      const passage = text.slice(start, end);
      const { partIndex } = place;
      this.#supports.push({
        segment: {
          ...(partIndex !== undefined && { partIndex }),
          startIndex,
          endIndex: startIndex + lengthIn(passage, "utf-8"),
          text: passage,
        },
        groundingChunkIndices: [chunk],
      });
    }
    if (written < Math.max(citations.shared.length, citations.items.length > 0 ? 1 : 0)) {
      this.#notices.notice("dropped", "citations");
    }
  }

  members(): JsonObject {
    if (this.#chunks.length === 0) return this.#own;
    return {
      ...this.#own,
      groundingMetadata: { groundingChunks: this.#chunks, groundingSupports: this.#supports },
    };
  }

  #chunkOf({ source }: Citation): number | undefined {
    if (source.kind !== "web") return undefined;
    const known = this.#placeOf.get(source.url);
    if (known !== undefined) return known;
    this.#placeOf.set(source.url, this.#chunks.length);
    this.#chunks.push({ web: { uri: source.url, title: source.title ?? source.url } });
    return this.#chunks.length - 1;
  }
}
