// Reasoning in messages and deltas: plain text under the two names in use, and OpenRouter's
// `reasoning_details`, which also hold signatures and encrypted reasoning (openrouter.ai/docs, 2026-08).

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { ProviderState, ReasoningPart } from "../neutral.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { readExtraContent, writeExtraContent } from "./extra-content.ts";

/** A piece of reasoning. Pieces with the same key add up to one part. */
export interface ReasoningPiece {
  readonly key: string;
  readonly text: string;
  readonly isRedacted: boolean;
  readonly states: readonly ProviderState[];
}

const ANTHROPIC = "anthropic-messages";
const FORMATS: readonly (readonly [format: string, origin: string])[] = [
  ["anthropic-claude-v1", ANTHROPIC],
  ["google-gemini-v1", "gemini-generate"],
  ["openai-responses-v1", "openai-responses"],
  ["unknown", OPENAI_CHAT],
];
/** Origins whose hidden reasoning is redacted, not encrypted: their vendors' own words for it. */
const REDACTING: ReadonlySet<string> = new Set([ANTHROPIC, "bedrock-converse"]);
const ORIGIN_OF: ReadonlyMap<string, string> = new Map(FORMATS);
const FORMAT_OF: ReadonlyMap<string, string> = new Map(FORMATS.map(([a, b]) => [b, a]));

/**
 * Reads the reasoning of a message or a delta. Details win over the plain text, which repeats them;
 * only where they hold nothing readable does the text count as well.
 */
export function readReasoning(owner: JsonObject): ReasoningPiece[] {
  const details = asArray(owner["reasoning_details"]).flatMap((entry) => readDetail(entry) ?? []);
  if (details.some((piece) => piece.text !== "")) return details;
  const text = asString(owner["reasoning_content"]) ?? asString(owner["reasoning"]) ?? "";
  if (text === "") return details;
  const [first, ...rest] = details;
  // A signature without its text, as some clients keep it: the text is the plain one.
  if (first !== undefined && !first.isRedacted) return [{ ...first, text }, ...rest];
  return [{ key: "", text, isRedacted: false, states: [] }, ...details];
}

function readDetail(entry: unknown): ReasoningPiece | undefined {
  const detail = asObject(entry);
  if (detail === undefined) return undefined;
  const origin = originOf(asString(detail["format"]));
  const states = readExtraContent(detail);
  const id = asString(detail["id"]);
  if (id !== undefined) states.unshift({ origin, kind: "id", value: id });
  const key = String(detail["index"] ?? "");
  if (detail["type"] === "reasoning.encrypted") {
    const value = asString(detail["data"]);
    const kind = REDACTING.has(origin) ? "redacted" : "encrypted";
    if (value !== undefined) states.unshift({ origin, kind, value });
    return states.length === 0 ? undefined : { key, text: "", isRedacted: true, states };
  }
  const signature = asString(detail["signature"]) ?? "";
  if (signature !== "") states.unshift({ origin, kind: "signature", value: signature });
  const text = asString(detail["text"]) ?? asString(detail["summary"]) ?? "";
  if (text === "" && states.length === 0) return undefined;
  return { key, text, isRedacted: false, states };
}

function originOf(format: string | undefined): string {
  return format === undefined ? OPENAI_CHAT : (ORIGIN_OF.get(format) ?? format);
}

/** True when the piece goes on with the part that the last piece ended in. */
export function continues(last: ReasoningPiece, piece: ReasoningPiece): boolean {
  if (last.isRedacted || piece.isRedacted || last.key !== piece.key) return false;
  return piece.text === "" || !last.states.some((state) => state.kind === "signature");
}

/** Pieces as parts. */
export function reasoningParts(pieces: readonly ReasoningPiece[]): ReasoningPart[] {
  const joined: ReasoningPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last === undefined || !continues(last, piece)) joined.push(piece);
    else joined[joined.length - 1] = joinPieces(last, piece);
  }
  return joined.map(({ text, isRedacted, states }) => ({
    kind: "reasoning",
    text,
    redacted: isRedacted,
    ...(states.length > 0 && { providerState: states }),
  }));
}

/** Two pieces of one part as one. */
export function joinPieces(last: ReasoningPiece, piece: ReasoningPiece): ReasoningPiece {
  return { ...last, text: last.text + piece.text, states: [...last.states, ...piece.states] };
}

/** Writes one entry of `reasoning_details`. */
export function writeDetail(
  text: string,
  isRedacted: boolean,
  states: readonly ProviderState[],
  index: number,
): JsonObject {
  const sealed = states.find(
    (state) => state.kind === (isRedacted ? sealedKind(state) : "signature"),
  );
  const origin = sealed?.origin ?? states.find((state) => state.kind === "id")?.origin;
  const id = states.find((state) => state.kind === "id" && state.origin === origin);
  const rest = states.filter((state) => state !== sealed && state !== id);
  const format = origin === undefined ? undefined : (FORMAT_OF.get(origin) ?? origin);
  return {
    type: isRedacted && sealed !== undefined ? "reasoning.encrypted" : "reasoning.text",
    ...(!isRedacted && { text }),
    ...(sealed !== undefined && { [isRedacted ? "data" : "signature"]: sealed.value }),
    ...(id !== undefined && { id: id.value }),
    ...(format !== undefined && { format }),
    index,
    ...writeExtraContent(rest),
  };
}

/** What `data` means by the origin; the other kinds travel beside it. */
function sealedKind(state: ProviderState): ProviderState["kind"] {
  return REDACTING.has(state.origin) ? "redacted" : "encrypted";
}
