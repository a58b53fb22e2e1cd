// Why the model stopped, in Ollama's words. Calls of tools end with `stop` like any other answer.

import type { StopReason } from "../neutral.ts";

/** Reads a `done_reason`. */
export function readStop(word: string, hasToolCall: boolean): StopReason {
  if (word === "length") return "max_tokens";
  if (hasToolCall) return "tool_call";
  return word === "stop" || word === "" ? "end" : "unknown";
}

/** Writes a `done_reason`. */
export function writeStop(stop: StopReason): string {
  return stop === "max_tokens" || stop === "context_limit" ? "length" : "stop";
}
