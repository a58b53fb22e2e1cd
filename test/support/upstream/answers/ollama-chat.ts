// Answers in the words of Ollama's own chat API: calls have no ids, and end like any other answer.

import type { JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

const CREATED_AT = "2026-11-22T10:20:30.123456789Z";

function ending(spec: AnswerSpec): JsonObject {
  const { usage } = spec;
  return {
    done: true,
    done_reason: spec.stop === "limit" ? "length" : "stop",
    total_duration: 4_883_583_458,
    load_duration: 1_334_875,
    prompt_eval_count: allInput(usage),
    prompt_eval_cached_count: usage.cacheReadTokens,
    prompt_eval_duration: 342_546_000,
    eval_count: usage.outputTokens,
    eval_duration: 4_535_599_000,
  };
}

function callsOf(spec: AnswerSpec): JsonObject[] {
  return spec.toolCalls.map((call, index) => {
    return { function: { index, name: call.name, arguments: { ...call.arguments } as JsonObject } };
  });
}

/** A whole reply. */
export function ollamaReply(spec: AnswerSpec, model: string): JsonObject {
  const calls = callsOf(spec);
  return {
    model: spec.model ?? model,
    created_at: CREATED_AT,
    message: {
      role: "assistant",
      content: spec.text,
      ...(spec.reasoning !== undefined && { thinking: spec.reasoning.text }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    ...ending(spec),
  };
}

/** A stream, one object a line. */
export function ollamaFrames(spec: AnswerSpec, model: string): Frame[] {
  const line = (members: JsonObject, rest: JsonObject, marks: Partial<Frame> = {}) => {
    const message = { role: "assistant", content: "", ...members };
    const head = { model: spec.model ?? model, created_at: CREATED_AT };
    return frame({ ...head, message, ...rest }, marks);
  };
  const content = { isContent: true };
  const pieces = (text: string, member: string) =>
    tokensOf(text).map((piece) => line({ [member]: piece }, { done: false }, content));
  return [
    ...pieces(spec.reasoning?.text ?? "", "thinking"),
    ...pieces(spec.text, "content"),
    ...callsOf(spec).map((call) => line({ tool_calls: [call] }, { done: false }, content)),
    line({}, ending(spec), { isUsage: true }),
  ];
}
