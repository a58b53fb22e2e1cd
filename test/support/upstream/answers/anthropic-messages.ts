// Answers in the words of Anthropic's messages.

import type { JsonObject } from "#core/json.ts";
import { type AnswerSpec, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

const ID = "msg_scripted";

function stopReason(spec: AnswerSpec): string {
  if (spec.stop === "limit") return "max_tokens";
  if (spec.stop === "filter") return "refusal";
  return spec.toolCalls.length > 0 ? "tool_use" : "end_turn";
}

function usageOf({ usage }: AnswerSpec): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5mTokens,
      ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    service_tier: "standard",
  };
}

function blocksOf(spec: AnswerSpec): JsonObject[] {
  const blocks: JsonObject[] = [];
  if (spec.reasoning !== undefined) {
    const { text, signature } = spec.reasoning;
    blocks.push({ type: "thinking", thinking: text, signature });
  }
  if (spec.text !== "") blocks.push({ type: "text", text: spec.text });
  for (const call of spec.toolCalls)
    blocks.push({
      type: "tool_use",
      id: call.id,
      name: call.name,
      input: { ...call.arguments } as JsonObject,
    });
  return blocks;
}

/** A whole reply. */
export function anthropicReply(spec: AnswerSpec, model: string): JsonObject {
  return {
    id: ID,
    type: "message",
    role: "assistant",
    model: spec.model ?? model,
    content: blocksOf(spec),
    stop_reason: stopReason(spec),
    stop_sequence: null,
    usage: usageOf(spec),
  };
}

/** The reply of `count_tokens`. */
export function anthropicCount(spec: AnswerSpec): JsonObject {
  return { input_tokens: spec.usage.inputTokens };
}

/** A stream, ping included. */
export function anthropicFrames(spec: AnswerSpec, model: string): Frame[] {
  const event = (name: string, value: JsonObject, marks: Partial<Frame> = {}) =>
    frame({ type: name, ...value }, { name, ...marks });
  const opening = { ...usageOf(spec), output_tokens: 1 };
  const message = {
    ...anthropicReply(spec, model),
    content: [],
    stop_reason: null,
    usage: opening,
  };
  const frames = [event("message_start", { message }, { isUsage: true }), event("ping", {})];
  for (const [index, block] of blocksOf(spec).entries()) {
    frames.push(event("content_block_start", { index, content_block: emptied(block) }));
    for (const delta of deltasOf(block))
      frames.push(event("content_block_delta", { index, delta }, { isContent: true }));
    frames.push(event("content_block_stop", { index }));
  }
  const end = { stop_reason: stopReason(spec), stop_sequence: null };
  frames.push(event("message_delta", { delta: end, usage: usageOf(spec) }, { isUsage: true }));
  frames.push(event("message_stop", {}));
  return frames;
}

function emptied(block: JsonObject): JsonObject {
  if (block["type"] === "thinking") return { type: "thinking", thinking: "", signature: "" };
  if (block["type"] === "text") return { type: "text", text: "" };
  return { ...block, input: {} };
}

function deltasOf(block: JsonObject): JsonObject[] {
  if (block["type"] === "thinking") {
    const thoughts = tokensOf(String(block["thinking"]));
    return [
      ...thoughts.map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature: String(block["signature"]) },
    ];
  }
  if (block["type"] === "text")
    return tokensOf(String(block["text"])).map((text) => ({ type: "text_delta", text }));
  return tokensOf(JSON.stringify(block["input"])).map((partial) => ({
    type: "input_json_delta",
    partial_json: partial,
  }));
}
