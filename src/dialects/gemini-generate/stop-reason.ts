// Finish reasons to stop reasons and back. Google's list is open: what is not in it stays readable.

import type { StopReason } from "../neutral.ts";

/** ai.google.dev/api/generate-content#FinishReason and js-genai, 2026-08. */
const STOPS: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["STOP", "end"],
  ["MAX_TOKENS", "max_tokens"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["LANGUAGE", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["IMAGE_PROHIBITED_CONTENT", "content_filter"],
  ["IMAGE_RECITATION", "content_filter"],
  // Seen live, not in Google's list.
  ["MODEL_ARMOR", "content_filter"],
  ["JAILBREAK", "content_filter"],
  ["MALFORMED_FUNCTION_CALL", "malformed_tool_call"],
  ["UNEXPECTED_TOOL_CALL", "malformed_tool_call"],
  ["TOO_MANY_TOOL_CALLS", "malformed_tool_call"],
  ["CONTINUATION", "pause"],
  ["OTHER", "error"],
  ["NO_IMAGE", "error"],
  ["IMAGE_OTHER", "error"],
  ["MALFORMED_RESPONSE", "error"],
]);

/**
 * Gemini says STOP after a function call, which is the one thing that callers must know. One that it did
 * not expect can be read all the same, and waits for its result.
 */
export function readStop(finishReason: string, hasToolCall: boolean): StopReason {
  const stop = STOPS.get(finishReason) ?? "unknown";
  const isCall = hasToolCall && (stop === "end" || finishReason === "UNEXPECTED_TOOL_CALL");
  return isCall ? "tool_call" : stop;
}

const FINISH_REASONS: Readonly<Record<StopReason, string>> = {
  end: "STOP",
  stop_sequence: "STOP",
  tool_call: "STOP",
  max_tokens: "MAX_TOKENS",
  context_limit: "MAX_TOKENS",
  content_filter: "SAFETY",
  refusal: "SAFETY",
  // A paused turn must not look finished: the caller has to send it again.
  pause: "CONTINUATION",
  malformed_tool_call: "MALFORMED_FUNCTION_CALL",
  error: "OTHER",
  unknown: "FINISH_REASON_UNSPECIFIED",
};

/** The finish reason; Gemini's own word survives, also one that is not in the list yet. */
export function writeStop(stop: StopReason, vendorStop: string): string {
  const isOwnWord =
    stop === "unknown"
      ? /^[A-Z][A-Z_]{1,60}$/.test(vendorStop) && !STOPS.has(vendorStop)
      : STOPS.has(vendorStop) && readStop(vendorStop, stop === "tool_call") === stop;
  return isOwnWord ? vendorStop : FINISH_REASONS[stop];
}
