// Answers in the words of OpenAI's embeddings.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput } from "./answer-spec.ts";

const DIMENSIONS = 4;

/** One small vector an input, in base64 when the request asks for that, as the official client does. */
export function embeddingsReply(spec: AnswerSpec, model: string, request: unknown): JsonObject {
  const body = asObject(request) ?? {};
  const given = body["input"];
  const isOne = !Array.isArray(given) || typeof given[0] === "number";
  const inputs = isOne ? [given] : asArray(given);
  const size = typeof body["dimensions"] === "number" ? body["dimensions"] : DIMENSIONS;
  const isBase64 = body["encoding_format"] === "base64";
  const data = inputs.map((_, index) => ({
    object: "embedding",
    index,
    embedding: isBase64 ? base64Of(vector(index, size)) : vector(index, size),
  }));
  const tokens = allInput(spec.usage);
  return {
    object: "list",
    data,
    model: spec.model ?? model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function vector(index: number, size: number): number[] {
  return Array.from({ length: size }, (_, position) => (index + 1) / 2 ** (position + 1));
}

function base64Of(numbers: readonly number[]): string {
  return Buffer.from(new Float32Array(numbers).buffer).toString("base64");
}
