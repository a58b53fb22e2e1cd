// Answers in the words of Bedrock's Converse.

import type { JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

function stopReason(spec: AnswerSpec): string {
  if (spec.stop === "limit") return "max_tokens";
  if (spec.stop === "filter") return "guardrail_intervened";
  return spec.toolCalls.length > 0 ? "tool_use" : "end_turn";
}

function usageOf({ usage }: AnswerSpec): JsonObject {
  const writes = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
  const details = [
    { ttl: "5m", inputTokens: usage.cacheWrite5mTokens },
    { ttl: "1h", inputTokens: usage.cacheWrite1hTokens },
  ];
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    totalTokens: allInput(usage) + usage.outputTokens,
    cacheReadInputTokenCount: usage.cacheReadTokens,
    cacheReadInputTokens: usage.cacheReadTokens,
    cacheWriteInputTokenCount: writes,
    cacheWriteInputTokens: writes,
    ...(writes > 0 && { cacheDetails: details }),
    serverToolUsage: {},
  };
}

function blocksOf(spec: AnswerSpec): JsonObject[] {
  const blocks: JsonObject[] = [];
  if (spec.reasoning !== undefined) {
    const { text, signature } = spec.reasoning;
    blocks.push({ reasoningContent: { reasoningText: { text, signature } } });
  }
  if (spec.text !== "") blocks.push({ text: spec.text });
  for (const call of spec.toolCalls) {
    const input = { ...call.arguments } as JsonObject;
    blocks.push({ toolUse: { toolUseId: call.id, name: call.name, input, type: "tool_use" } });
  }
  return blocks;
}

/** A whole reply. */
export function converseReply(spec: AnswerSpec): JsonObject {
  return {
    metrics: { latencyMs: 5 },
    output: { message: { role: "assistant", content: blocksOf(spec) } },
    stopReason: stopReason(spec),
    usage: usageOf(spec),
  };
}

/** The reply of `count-tokens`. */
export function converseCount(spec: AnswerSpec): JsonObject {
  return { inputTokens: spec.usage.inputTokens };
}

/** A stream, padding and empty deltas included; usage comes last. */
export function converseFrames(spec: AnswerSpec): Frame[] {
  const frames = [event("messageStart", { role: "assistant" })];
  for (const [index, block] of blocksOf(spec).entries()) {
    const call = block["toolUse"] as JsonObject | undefined;
    if (call !== undefined) {
      const { toolUseId, name, type } = call;
      const start = { toolUse: { toolUseId, name, type } };
      frames.push(event("contentBlockStart", { contentBlockIndex: index, start }));
    }
    for (const delta of deltasOf(block)) {
      const isContent = delta["text"] !== "";
      frames.push(event("contentBlockDelta", { contentBlockIndex: index, delta }, { isContent }));
    }
    frames.push(event("contentBlockStop", { contentBlockIndex: index }));
  }
  frames.push(event("messageStop", { stopReason: stopReason(spec) }));
  const metadata = { metrics: { latencyMs: 5 }, usage: usageOf(spec) };
  return [...frames, event("metadata", metadata, { isUsage: true })];
}

function event(name: string, value: JsonObject, marks: Partial<Frame> = {}): Frame {
  return frame({ ...value, p: "abcdefghijklm" }, { name, ...marks });
}

function deltasOf(block: JsonObject): JsonObject[] {
  const call = block["toolUse"] as JsonObject | undefined;
  if (call !== undefined) {
    return tokensOf(JSON.stringify(call["input"])).map((input) => ({ toolUse: { input } }));
  }
  const reasoning = block["reasoningContent"] as JsonObject | undefined;
  if (reasoning === undefined) {
    return ["", ...tokensOf(String(block["text"]))].map((text) => ({ text }));
  }
  const { text, signature } = reasoning["reasoningText"] as JsonObject;
  return [
    ...tokensOf(String(text)).map((piece) => ({ reasoningContent: { text: piece } })),
    { reasoningContent: { signature } },
  ];
}
