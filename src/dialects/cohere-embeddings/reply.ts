// Cohere's embedding replies, read and written: vectors by type, or in older forms as one plain list.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";
import { type EmbeddingClientContext, MalformedReply } from "../embedding.ts";
import type { EmbeddingVector, NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { base64Of, numbersOf } from "../vectors/bytes.ts";
import { vectorOf } from "../vectors/list.ts";

/** Floats first: they can be made into whatever a client wants. */
const TYPES = ["float", "base64", "int8", "uint8", "binary", "ubinary"] as const;

/** Where the vectors stand; undefined when the body is no such reply. */
export function vectorsIn(reply: JsonObject): readonly Json[] | undefined {
  const { embeddings } = reply;
  if (Array.isArray(embeddings)) return embeddings;
  const byType = asObject(embeddings);
  if (byType === undefined) return undefined;
  for (const type of TYPES) {
    const found = byType[type];
    if (Array.isArray(found) && found.length > 0) return found;
  }
  return [];
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

/** What is billed; what was read where a reply tells only that. */
export function usageOf(reply: JsonObject): Usage | undefined {
  const meta = asObject(reply["meta"]);
  const billed = asObject(meta?.["billed_units"]) ?? asObject(meta?.["tokens"]);
  const text = billed?.["input_tokens"];
  const image = billed?.["image_tokens"];
  if (!isCount(text) && !isCount(image)) return undefined;
  const imageTokens = isCount(image) ? Math.floor(image) : 0;
  const textTokens = isCount(text) ? Math.floor(text) : 0;
  return usage({ inputTokens: textTokens + imageTokens, inputImageTokens: imageTokens });
}

/** @throws MalformedReply */
export function replyFromNeutral(
  reply: NeutralEmbeddingReply,
  { facts, estimatedInputTokens }: EmbeddingClientContext,
): JsonObject {
  const { usage: used } = reply;
  const { encoding = "float", numbers = "float" } = facts.vectors ?? {};
  const isText = encoding === "base64";
  const written = (vector: EmbeddingVector): Json =>
    isText ? base64Of(vector, numbers) : [...numbersOf(vector, numbers)];
  const tokens = used === undefined ? estimatedInputTokens : totalInputTokens(used);
  const imageTokens = used?.inputImageTokens ?? 0;
  return {
    id: reply.id,
    embeddings: { [isText ? "base64" : numbers]: reply.vectors.map(written) },
    meta: { billed_units: { input_tokens: tokens - imageTokens, image_tokens: imageTokens } },
    response_type: "embeddings_by_type",
  };
}
