// Why the model stopped, in Anthropic's words and in ours.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { StopReason } from "../neutral.ts";

/** Vendor's SDK types, 2026-11; `compaction` is a beta where the turn waits to be continued. */
const STOP_REASONS: ReadonlyMap<string, StopReason> = new Map([
  ["end_turn", "end"],
  ["stop_sequence", "stop_sequence"],
  ["tool_use", "tool_call"],
  ["max_tokens", "max_tokens"],
  ["model_context_window_exceeded", "context_limit"],
  ["refusal", "refusal"],
  ["pause_turn", "pause"],
  ["compaction", "pause"],
]);

const WORDS: Readonly<Partial<Record<StopReason, string>>> = {
  end: "end_turn",
  stop_sequence: "stop_sequence",
  tool_call: "tool_use",
  max_tokens: "max_tokens",
  context_limit: "model_context_window_exceeded",
  content_filter: "refusal",
  refusal: "refusal",
  pause: "pause_turn",
};

/** How an answer ended, as the neutral form tells it. */
export interface ReadStop {
  readonly stop: StopReason;
  readonly vendorStop: string;
  readonly stopSequence?: string;
  readonly stopDetails?: JsonObject;
}

/**
 * Reads the stop fields of a message or of a `message_delta`. A client's tool call always ends in
 * `tool_call`, and nothing else does: clients wait for ever for a call that was announced but not made.
 */
export function readStop(fields: JsonObject, hasToolCall: boolean): ReadStop {
  const vendorStop = asString(fields["stop_reason"]) ?? "";
  const stopSequence = asString(fields["stop_sequence"]);
  const stopDetails = asObject(fields["stop_details"]);
  return {
    stop: agreeWithCalls(STOP_REASONS.get(vendorStop) ?? "unknown", hasToolCall),
    vendorStop,
    ...(stopSequence !== undefined && { stopSequence }),
    ...(stopDetails !== undefined && { stopDetails }),
  };
}

/** What an answer to be written held, as far as its stop reason depends on it. */
export interface WrittenContent {
  readonly hasToolCall: boolean;
  readonly hasRefusal: boolean;
}

/** The stop fields as Anthropic writes them, and whether the reason had to be replaced. */
export interface WrittenStop {
  readonly fields: JsonObject;
  /** True when Anthropic has no word for the reason and `end_turn` stands in. */
  readonly isConverted: boolean;
}

/** Writes the stop fields of a message or of a `message_delta`. */
export function writeStop(ended: ReadStop, content: WrittenContent): WrittenStop {
  const agreed = agreeWithCalls(ended.stop, content.hasToolCall);
  const stop = agreed === "end" && content.hasRefusal ? "refusal" : agreed;
  const word = WORDS[stop];
  return {
    fields: {
      // A call that another vendor finds fault with is still a call that waits for its result.
      stop_reason: word ?? (content.hasToolCall ? "tool_use" : "end_turn"),
      stop_sequence: stop === "stop_sequence" ? (ended.stopSequence ?? null) : null,
      stop_details: word === "refusal" ? refusalDetails(ended) : null,
    },
    isConverted: word === undefined,
  };
}

/** The stop fields of an answer whose prompt was blocked before anything was written. */
export function writeBlocked(details: JsonObject): JsonObject {
  const reason = firstText(details) ?? "The prompt was blocked.";
  const stopDetails = { type: "refusal", category: null, explanation: reason };
  return { stop_reason: "refusal", stop_sequence: null, stop_details: stopDetails };
}

function agreeWithCalls(stop: StopReason, hasToolCall: boolean): StopReason {
  if (hasToolCall && stop === "end") return "tool_call";
  if (!hasToolCall && stop === "tool_call") return "end";
  return stop;
}

/** Anthropic's own details go through; another vendor's word for it becomes the explanation. */
function refusalDetails(ended: ReadStop): JsonObject | null {
  if (ended.stopDetails?.["type"] === "refusal") return ended.stopDetails;
  // The refusal was read off the content: the vendor's word says only that the answer is complete.
  if (ended.stop === "end") return null;
  if (ended.vendorStop === "" || ended.vendorStop === "refusal") return null;
  return { type: "refusal", category: null, explanation: ended.vendorStop };
}

function firstText(details: JsonObject): string | undefined {
  const values: (Json | undefined)[] = Object.values(details);
  return values.find((value): value is string => typeof value === "string" && value !== "");
}
