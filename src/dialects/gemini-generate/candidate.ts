// What stands at a candidate beside its content, in whole replies and in chunks of a stream.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { Part, StopReason, TextPart } from "../neutral.ts";
import { replyCallId } from "./call-ids.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import type { CallIds } from "./parts-to-neutral.ts";

/** Evidence for an answer; each is one citation item, an object with this one member. */
const EVIDENCE = ["groundingMetadata", "citationMetadata", "urlContextMetadata"] as const;

/** Citations of a text in this dialect's own shape. */
export type Citations = NonNullable<TextPart["citations"]>;

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
  const items = Object.entries(evidence).map(([name, value]): Json => ({ [name]: value }));
  return items.length === 0 ? undefined : { origin: GEMINI_GENERATE, items };
}

/** Citations of this dialect's shape as members of a candidate. */
export function writeEvidence(citations: readonly Citations[]): JsonObject {
  const members: JsonObject = {};
  for (const { origin, items } of citations) {
    if (origin !== GEMINI_GENERATE) continue;
    for (const item of items) {
      const object = asObject(item) ?? {};
      for (const name of EVIDENCE) if (object[name] !== undefined) members[name] = object[name];
    }
  }
  return members;
}

/** Why an answer was not finished, in Google's own fields; undefined for one that was. */
export function readStopDetails(candidate: Fields, stop: StopReason): JsonObject | undefined {
  if (stop === "end" || stop === "tool_call" || stop === "max_tokens") return undefined;
  const message = candidate.string("finishMessage");
  const ratings = candidate.value("safetyRatings");
  if (message === undefined && !Array.isArray(ratings)) return undefined;
  return {
    ...(message !== undefined && { finishMessage: message }),
    ...(Array.isArray(ratings) && { safetyRatings: ratings }),
  };
}

/** Details as members of a candidate; another vendor's are told in the message. */
export function writeStopDetails(details: JsonObject | undefined): JsonObject {
  if (details === undefined) return {};
  const message = details["finishMessage"];
  const ratings = details["safetyRatings"];
  if (typeof message !== "string" && !Array.isArray(ratings)) {
    return { finishMessage: JSON.stringify(details) };
  }
  return {
    ...(typeof message === "string" && { finishMessage: message }),
    ...(Array.isArray(ratings) && { safetyRatings: ratings }),
  };
}

/** Ids of the calls in one candidate of a reply. */
export function replyIds(responseId: string, candidate: number): CallIds {
  let calls = 0;
  return {
    idOfCall: (name, argumentsJson, givenId) => {
      const position = calls;
      calls += 1;
      return givenId ?? replyCallId({ responseId, candidate, position, name, argumentsJson });
    },
    callOfResult: (name, givenId) => ({ id: givenId ?? "", name }),
  };
}

/** Puts citations on the last text; a text of its own holds them when there is none. */
export function citeLastText(parts: readonly Part[], citations: Citations | undefined): Part[] {
  if (citations === undefined) return [...parts];
  const last = parts.findLastIndex((part) => part.kind === "text");
  const text = parts[last];
  if (text?.kind !== "text") return [...parts, { kind: "text", text: "", citations }];
  return parts.with(last, { ...text, citations });
}
