// Answers in the words of OpenAI's embeddings.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput } from "./answer-spec.ts";

const DIMENSIONS = 4;

/** One small vector an input, in base64 when the request asks for that, as the official client does. */
export function embeddingsReply(spec: AnswerSpec, model: string, request: unknown): JsonObject {
  const body = asObject(request) ?? {};
  const inputs = Array.isArray(body["input"]) ? asArray(body["input"]) : [body["input"]];
  const isBase64 = body["encoding_format"] === "base64";
  const data = inputs.map((_, index) => ({
    object: "embedding",
    index,
    embedding: isBase64 ? base64Of(vector(index)) : vector(index),
  }));
  const tokens = allInput(spec.usage);
  return {
    object: "list",
    data,
    model: spec.model ?? model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function vector(index: number): number[] {
  return Array.from({ length: DIMENSIONS }, (_, position) => (index + 1) / 2 ** (position + 1));
}

function base64Of(numbers: readonly number[]): string {
  return Buffer.from(new Float32Array(numbers).buffer).toString("base64");
}
