// Answers in the words of Cohere's second chat API.

import type { JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

function finishReason(spec: AnswerSpec): string {
  if (spec.stop === "limit") return "MAX_TOKENS";
  if (spec.stop === "filter") return "ERROR_TOXIC";
  return spec.toolCalls.length > 0 ? "TOOL_CALL" : "COMPLETE";
}

/** What is billed is less than what was read: Cohere's own template counts as tokens. */
function usageOf({ usage }: AnswerSpec): JsonObject {
  return {
    billed_units: { input_tokens: 1, output_tokens: usage.outputTokens },
    tokens: { input_tokens: allInput(usage), output_tokens: usage.outputTokens },
    cached_tokens: usage.cacheReadTokens,
  };
}

function callsOf(spec: AnswerSpec): JsonObject[] {
  return spec.toolCalls.map((call) => {
    const called = { name: call.name, arguments: JSON.stringify(call.arguments) };
    return { id: call.id, type: "function", function: called };
  });
}

/** What is said beside calls is a plan. */
export function cohereReply(spec: AnswerSpec): JsonObject {
  const content: JsonObject[] = [];
  if (spec.reasoning !== undefined) {
    content.push({ type: "thinking", thinking: spec.reasoning.text });
  }
  const calls = callsOf(spec);
  if (calls.length === 0 && spec.text !== "") content.push({ type: "text", text: spec.text });
  return {
    id: "c14c80c3-18eb-4519-9460-6c92edd8cfb4",
    finish_reason: finishReason(spec),
    message: {
      role: "assistant",
      ...(content.length > 0 && { content }),
      ...(calls.length > 0 && { tool_plan: spec.text, tool_calls: calls }),
    },
    usage: usageOf(spec),
  };
}

/** A stream, each event named by its type. */
export function cohereFrames(spec: AnswerSpec): Frame[] {
  const message = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
  const frames = [
    event("message-start", { id: "29f14a5a-11de-4cae-9800-25e4747408ea", delta: { message } }),
  ];
  let index = 0;
  const say = (type: "text" | "thinking", text: string) => {
    const started = { index, delta: { message: { content: { type, [type]: "" } } } };
    frames.push(event("content-start", started));
    for (const piece of tokensOf(text)) {
      const delta = { message: { content: { [type]: piece } } };
      frames.push(event("content-delta", { index, delta }, { isContent: true }));
    }
    frames.push(event("content-end", { index }));
    index += 1;
  };
  if (spec.reasoning !== undefined) say("thinking", spec.reasoning.text);
  if (spec.toolCalls.length === 0) say("text", spec.text);
  else frames.push(...planAndCalls(spec));
  const delta = { finish_reason: finishReason(spec), usage: usageOf(spec) };
  return [...frames, event("message-end", { delta }, { isUsage: true })];
}

function planAndCalls(spec: AnswerSpec): Frame[] {
  const frames = tokensOf(spec.text).map((piece) =>
    event("tool-plan-delta", { delta: { message: { tool_plan: piece } } }, { isContent: true }),
  );
  callsOf(spec).forEach((call, index) => {
    const called = call["function"] as JsonObject;
    const calls = (value: JsonObject) => ({ index, delta: { message: { tool_calls: value } } });
    const opened = { ...call, function: { ...called, arguments: "" } };
    frames.push(event("tool-call-start", calls(opened), { isContent: true }));
    for (const piece of tokensOf(String(called["arguments"]))) {
      frames.push(event("tool-call-delta", calls({ function: { arguments: piece } })));
    }
    frames.push(event("tool-call-end", { index }));
  });
  return frames;
}

function event(type: string, value: JsonObject, marks: Partial<Frame> = {}): Frame {
  return frame({ type, ...value }, { name: type, ...marks });
}
