// Why the model stopped, in Bedrock's words and in ours.

import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { StopReason } from "../neutral.ts";

/** Vendor's SDK types, 2026-11. The list is open. */
const STOP_REASONS: ReadonlyMap<string, StopReason> = new Map([
  ["end_turn", "end"],
  ["tool_use", "tool_call"],
  ["max_tokens", "max_tokens"],
  ["stop_sequence", "stop_sequence"],
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"],
  ["refusal", "refusal"],
  ["model_context_window_exceeded", "context_limit"],
  ["malformed_tool_use", "malformed_tool_call"],
  ["malformed_model_output", "malformed_tool_call"],
]);

const WORDS: Readonly<Partial<Record<StopReason, string>>> = {
  end: "end_turn",
  tool_call: "tool_use",
  max_tokens: "max_tokens",
  stop_sequence: "stop_sequence",
  content_filter: "content_filtered",
  refusal: "content_filtered",
  context_limit: "model_context_window_exceeded",
  malformed_tool_call: "malformed_tool_use",
};

/** How an answer ended, as the neutral form tells it. */
export interface ReadStop {
  readonly stop: StopReason;
  readonly vendorStop: string;
  readonly stopSequence?: string;
}

/**
 * Reads the stop fields of a reply or of `messageStop`. A client's tool call always ends in `tool_call`,
 * and nothing else does: calls of Bedrock's own tools are over when the answer is.
 */
export function readStop(fields: JsonObject, hasToolCall: boolean): ReadStop {
  const vendorStop = asString(fields["stopReason"]) ?? "";
  const stopSequence = readSequence(asObject(fields["additionalModelResponseFields"]));
  return {
    stop: agreeWithCalls(STOP_REASONS.get(vendorStop) ?? "unknown", hasToolCall),
    vendorStop,
    ...(stopSequence !== undefined && { stopSequence }),
  };
}

/** Only there when the request asked for Claude's own field. */
function readSequence(fields: JsonObject | undefined): string | undefined {
  return asString(fields?.["stop_sequence"] ?? asObject(fields?.["delta"])?.["stop_sequence"]);
}

/** The stop fields as Bedrock writes them, and whether the reason had to be replaced. */
export function writeStop(
  ended: ReadStop,
  hasToolCall: boolean,
): { readonly fields: JsonObject; readonly isConverted: boolean } {
  const stop = agreeWithCalls(ended.stop, hasToolCall);
  // There are several words for some reasons, and one that came from here is known to be right.
  const isOurs = STOP_REASONS.get(ended.vendorStop) === stop;
  const word = isOurs ? ended.vendorStop : WORDS[stop];
  const sequence = ended.stop === "stop_sequence" ? ended.stopSequence : undefined;
  return {
    fields: {
      stopReason: word ?? "end_turn",
      ...(sequence !== undefined && { additionalModelResponseFields: { stop_sequence: sequence } }),
    },
    isConverted: word === undefined,
  };
}

function agreeWithCalls(stop: StopReason, hasToolCall: boolean): StopReason {
  if (hasToolCall && stop === "end") return "tool_call";
  if (!hasToolCall && stop === "tool_call") return "end";
  return stop;
}
