// Embedding replies of models behind Bedrock's `invoke`: the body tells whose form it is.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString, isCount } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";
import { usageOf as cohereUsage, vectorsIn as cohereVectors } from "../cohere-embeddings/reply.ts";
import { type EmbeddingClientContext, MalformedReply } from "../embedding.ts";
import type { NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { numbersOf } from "../vectors/bytes.ts";
import { vectorOf } from "../vectors/list.ts";

/** Where the vectors stand: Titan's one, Nova's objects, Cohere's lists. */
export function vectorsIn(reply: JsonObject): readonly Json[] | undefined {
  const { embedding, embeddingsByType } = reply;
  if (Array.isArray(embedding)) return [embedding];
  const byType = Object.values(asObject(embeddingsByType) ?? {})[0];
  if (byType !== undefined) return [byType];
  return cohereVectors(reply)?.map((entry) => asObject(entry)?.["embedding"] ?? entry);
}

/** @throws MalformedReply */
export function replyToNeutral(body: Json | undefined): NeutralEmbeddingReply {
  const reply = asObject(body) ?? {};
  const vectors = vectorsIn(reply);
  if (vectors === undefined) throw new MalformedReply("The reply has no embeddings.");
  return {
    id: asString(reply["id"]) ?? "",
    model: "",
    vectors: vectors.map(vectorOf),
    usage: usageOf(reply),
  };
}

/** Titan tells it in the body, Cohere and Nova in the head alone. */
export function usageOf(reply: JsonObject): Usage | undefined {
  const tokens = reply["inputTextTokenCount"] ?? reply["inputTokenCount"];
  return isCount(tokens) ? usage({ inputTokens: Math.floor(tokens) }) : cohereUsage(reply);
}

/** What Bedrock counts for every model that it invokes. */
export function usageOfHead(headers: HeaderFields): Usage | undefined {
  const told = headers.get("x-amzn-bedrock-input-token-count");
  if (told === null || !/^\d{1,12}$/.test(told)) return undefined;
  const output = headers.get("x-amzn-bedrock-output-token-count") ?? "0";
  return usage({
    inputTokens: Number(told),
    outputTokens: /^\d{1,12}$/.test(output) ? Number(output) : 0,
  });
}

/** One vector as Titan writes it, several as Cohere does. @throws MalformedReply */
export function replyFromNeutral(
  reply: NeutralEmbeddingReply,
  { estimatedInputTokens }: EmbeddingClientContext,
): JsonObject {
  const { usage: used } = reply;
  const tokens = used === undefined ? estimatedInputTokens : totalInputTokens(used);
  const vectors = reply.vectors.map((vector) => [...numbersOf(vector, "float")]);
  const [first] = vectors;
  if (vectors.length === 1 && first !== undefined) {
    return { embedding: first, inputTextTokenCount: tokens };
  }
  return { embeddings: { float: vectors }, response_type: "embeddings_by_type" };
}
