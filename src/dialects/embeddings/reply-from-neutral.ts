// An OpenAI embeddings reply out of the neutral form, and one in another encoding than was asked for.

import type { CallFacts, VectorWish } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import { totalInputTokens } from "#core/usage.ts";
import type { EmbeddingClientContext } from "../embedding.ts";
import type { EmbeddingVector, NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { base64Of, numbersOf } from "../vectors/bytes.ts";
import { vectorOf } from "../vectors/list.ts";

const FLOATS: VectorWish = { encoding: "float", numbers: "float", dimensions: 0 };

/** @throws MalformedReply for a vector that cannot be written in the encoding that was asked for */
export function replyFromNeutral(
  reply: NeutralEmbeddingReply,
  { facts, estimatedInputTokens }: EmbeddingClientContext,
): JsonObject {
  const wish = facts.vectors ?? FLOATS;
  const tokens = reply.usage === undefined ? estimatedInputTokens : totalInputTokens(reply.usage);
  return {
    ...(reply.id !== "" && { id: reply.id }),
    object: "list",
    data: reply.vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: written(vector, wish),
    })),
    model: reply.model === "" ? facts.model : reply.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/**
 * OpenAI's clients ask for base64 unless told otherwise and read whatever comes as such: an imitator
 * that answers with numbers all the same would give them garbage.
 * @returns undefined when the reply came as it was asked for
 */
export function reencoded(body: JsonObject, facts: CallFacts): JsonObject | undefined {
  const wish = facts.vectors ?? FLOATS;
  const data = asArray(body["data"]);
  const isText = wish.encoding === "base64";
  const isAsAsked = data.every(
    (entry) => (typeof asObject(entry)?.["embedding"] === "string") === isText,
  );
  if (isAsAsked) return undefined;
  return {
    ...body,
    data: data.map((entry) => {
      const object = asObject(entry) ?? {};
      return { ...object, embedding: written(vectorOf(object["embedding"]), wish) };
    }),
  };
}

function written(vector: EmbeddingVector, wish: VectorWish): Json {
  return wish.encoding === "base64"
    ? base64Of(vector, wish.numbers)
    : [...numbersOf(vector, wish.numbers)];
}
