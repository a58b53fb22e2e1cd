// Answers in the words of Google's generateContent.

import type { JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

function usageOf({ usage }: AnswerSpec): JsonObject {
  const input = allInput(usage);
  return {
    promptTokenCount: input,
    candidatesTokenCount: usage.outputTokens - usage.reasoningTokens,
    totalTokenCount: input + usage.outputTokens,
    ...(usage.cacheReadTokens === 0 ? {} : { cachedContentTokenCount: usage.cacheReadTokens }),
    ...(usage.reasoningTokens === 0 ? {} : { thoughtsTokenCount: usage.reasoningTokens }),
    promptTokensDetails: [{ modality: "TEXT", tokenCount: input }],
  };
}

function finishReason(spec: AnswerSpec): string {
  if (spec.stop === "limit") return "MAX_TOKENS";
  return spec.stop === "filter" ? "SAFETY" : "STOP";
}

function callParts(spec: AnswerSpec): JsonObject[] {
  return spec.toolCalls.map((call, index) => ({
    functionCall: { id: call.id, name: call.name, args: { ...call.arguments } as JsonObject },
    // The vendor signs the first of parallel calls only.
    ...(index === 0 && spec.reasoning !== undefined
      ? { thoughtSignature: spec.reasoning.signature }
      : {}),
  }));
}

function chunk(spec: AnswerSpec, model: string, parts: JsonObject[], finish?: string): JsonObject {
  return {
    candidates: [
      {
        content: { parts, role: "model" },
        ...(finish === undefined ? {} : { finishReason: finish }),
        index: 0,
      },
    ],
    usageMetadata: usageOf(spec),
    modelVersion: spec.model ?? model,
    responseId: "scripted",
  };
}

/** A whole reply. */
export function geminiReply(spec: AnswerSpec, model: string): JsonObject {
  const parts: JsonObject[] = [];
  if (spec.reasoning !== undefined) parts.push({ text: spec.reasoning.text, thought: true });
  if (spec.text !== "") parts.push({ text: spec.text });
  return chunk(spec, model, [...parts, ...callParts(spec)], finishReason(spec));
}

/** The reply of `countTokens`. */
export function geminiCount(spec: AnswerSpec): JsonObject {
  return { totalTokens: spec.usage.inputTokens };
}

/** A stream; usage stands in every chunk, as the vendor does it. */
export function geminiFrames(spec: AnswerSpec, model: string): Frame[] {
  const content = (part: JsonObject) =>
    frame(chunk(spec, model, [part]), { isContent: true, isUsage: true });
  const last = frame(chunk(spec, model, [{ text: "" }], finishReason(spec)), { isUsage: true });
  return [
    ...tokensOf(spec.reasoning?.text ?? "").map((text) => content({ text, thought: true })),
    ...tokensOf(spec.text).map((text) => content({ text })),
    ...callParts(spec).map(content),
    last,
  ];
}
