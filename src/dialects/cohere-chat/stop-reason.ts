// Why the model stopped, in Cohere's words.

import type { StopReason } from "../neutral.ts";

const READ: ReadonlyMap<string, StopReason> = new Map([
  ["COMPLETE", "end"],
  ["STOP_SEQUENCE", "stop_sequence"],
  ["MAX_TOKENS", "max_tokens"],
  ["TOOL_CALL", "tool_call"],
  ["ERROR_TOXIC", "content_filter"],
  ["ERROR_LIMIT", "context_limit"],
  ["ERROR", "error"],
  ["TIMEOUT", "error"],
  ["USER_CANCEL", "error"],
]);

const WRITTEN = {
  end: "COMPLETE",
  stop_sequence: "STOP_SEQUENCE",
  tool_call: "TOOL_CALL",
  max_tokens: "MAX_TOKENS",
  context_limit: "ERROR_LIMIT",
  content_filter: "ERROR_TOXIC",
  refusal: "ERROR_TOXIC",
  pause: "COMPLETE",
  malformed_tool_call: "ERROR",
  error: "ERROR",
  unknown: "COMPLETE",
} as const satisfies Record<StopReason, string>;

/** Reads a `finish_reason`. A call counts whatever the word says, and a word without a call does not. */
export function readStop(word: string, hasToolCall: boolean): StopReason {
  const stop = READ.get(word.toUpperCase()) ?? "unknown";
  if (stop !== "end" && stop !== "tool_call") return stop;
  return hasToolCall ? "tool_call" : "end";
}

/** Writes a `finish_reason`. */
export function writeStop(stop: StopReason): string {
  return WRITTEN[stop];
}
