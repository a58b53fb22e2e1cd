// Why the model stopped, in OpenAI's words and its imitators'.

import type { StopReason } from "../neutral.ts";

const READ: ReadonlyMap<string, StopReason> = new Map([
  ["stop", "end"],
  // Together and text-generation-inference.
  ["eos", "end"],
  ["eos_token", "end"],
  ["stop_sequence", "stop_sequence"],
  ["end_turn", "end"],
  ["length", "max_tokens"],
  ["max_tokens", "max_tokens"],
  ["max_output_tokens", "max_tokens"],
  ["tool_calls", "tool_call"],
  ["tool_call", "tool_call"],
  ["tool_use", "tool_call"],
  ["function_call", "tool_call"],
  ["content_filter", "content_filter"],
  ["sensitive", "content_filter"],
  ["refusal", "refusal"],
  // Mistral's and Z.ai's words for a full context.
  ["model_length", "context_limit"],
  ["model_context_window_exceeded", "context_limit"],
  // DeepSeek ran out of capacity in the middle of the answer.
  ["insufficient_system_resource", "error"],
  ["network_error", "error"],
  // vLLM and SGLang gave the answer up.
  ["abort", "error"],
  ["error", "error"],
]);

const WRITTEN = {
  end: "stop",
  stop_sequence: "stop",
  tool_call: "tool_calls",
  max_tokens: "length",
  context_limit: "length",
  content_filter: "content_filter",
  refusal: "content_filter",
  pause: "stop",
  malformed_tool_call: "error",
  error: "error",
  unknown: "stop",
} as const satisfies Record<StopReason, string>;

/** What the answer contains, as far as it decides what its end means. */
export interface AnswerShape {
  readonly hasToolCall: boolean;
  readonly hasRefusal: boolean;
  /** vLLM's `stop_reason`: the stop string that was found. */
  readonly stopSequence: string | undefined;
}

/**
 * Reads a `finish_reason`. A call of a tool counts whatever the word says, and a word that claims a
 * call where there is none does not.
 */
export function readStop(word: string, shape: AnswerShape): StopReason {
  const stop = READ.get(word.toLowerCase()) ?? "unknown";
  if (stop !== "end" && stop !== "tool_call") return stop;
  if (shape.hasToolCall) return "tool_call";
  if (shape.hasRefusal) return "refusal";
  return shape.stopSequence === undefined ? "end" : "stop_sequence";
}

/** Writes a `finish_reason`. A refusal in words ends like any other text, as OpenAI has it. */
export function writeStop(stop: StopReason, hasRefusal: boolean): string {
  return stop === "refusal" && hasRefusal ? "stop" : WRITTEN[stop];
}
