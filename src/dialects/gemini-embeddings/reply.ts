// Google's embedding replies, read and written: one vector, or a list of them.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";
import { type EmbeddingClientContext, MalformedReply } from "../embedding.ts";
import { type Fields, replyFields } from "../gemini-generate/fields.ts";
import type { EmbeddingVector, NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { numbersOf } from "../vectors/bytes.ts";
import { vectorOf } from "../vectors/list.ts";

/** Where the vectors stand; undefined when the body is no such reply. */
export function vectorsIn(body: JsonObject): readonly Json[] | undefined {
  const { embedding, embeddings } = body;
  if (Array.isArray(embeddings)) return embeddings;
  return asObject(embedding) === undefined ? undefined : [embedding as Json];
}

/** @throws MalformedReply */
export function replyToNeutral(body: Json | undefined): NeutralEmbeddingReply {
  const reply = asObject(body) ?? {};
  const vectors = vectorsIn(reply);
  if (vectors === undefined) throw new MalformedReply("The reply has no embeddings.");
  return {
    id: "",
    model: "",
    vectors: vectors.map((entry) => vectorOf(asObject(entry)?.["values"])),
    usage: usageOf(reply),
  };
}

/** Google spells the details of the prompt in two ways, and tells no usage at all for some models. */
export function usageOf(reply: JsonObject): Usage | undefined {
  const told = replyFields(reply).object("usageMetadata");
  const inputTokens = told?.integer("promptTokenCount");
  if (told === undefined || inputTokens === undefined || inputTokens < 0) return undefined;
  const details = [...told.objects("promptTokenDetails"), ...told.objects("promptTokensDetails")];
  const share = (modality: string) => Math.min(inputTokens, tokensOf(details, modality));
  return usage({
    inputTokens,
    inputImageTokens: share("IMAGE"),
    inputAudioTokens: share("AUDIO"),
  });
}

function tokensOf(details: readonly Fields[], modality: string): number {
  const counts = details
    .filter((detail) => detail.string("modality") === modality)
    .map((detail) => detail.integer("tokenCount") ?? 0);
  return Math.max(0, ...counts);
}

/** The reply to a batch. @throws MalformedReply */
export function batchReply(
  reply: NeutralEmbeddingReply,
  context: EmbeddingClientContext,
): JsonObject {
  return { embeddings: reply.vectors.map(written), usageMetadata: told(reply, context) };
}

/** The reply to a single request. @throws MalformedReply */
export function singleReply(
  reply: NeutralEmbeddingReply,
  context: EmbeddingClientContext,
): JsonObject {
  const [vector] = reply.vectors;
  if (vector === undefined) throw new MalformedReply("The reply has no embedding.");
  return { embedding: written(vector), usageMetadata: told(reply, context) };
}

function written(vector: EmbeddingVector): JsonObject {
  return { values: [...numbersOf(vector, "float")] };
}

function told(reply: NeutralEmbeddingReply, context: EmbeddingClientContext): JsonObject {
  const { usage: used } = reply;
  const promptTokenCount =
    used === undefined ? context.estimatedInputTokens : totalInputTokens(used);
  return { promptTokenCount };
}
