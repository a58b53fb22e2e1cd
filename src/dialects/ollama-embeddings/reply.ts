// Ollama's embedding replies, read and written.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";
import { type EmbeddingClientContext, MalformedReply } from "../embedding.ts";
import type { NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { numbersOf } from "../vectors/bytes.ts";
import { vectorOf } from "../vectors/list.ts";

/** Where the vectors stand; undefined when the body is no such reply. */
export function vectorsIn({ embeddings }: JsonObject): readonly Json[] | undefined {
  return Array.isArray(embeddings) ? embeddings : undefined;
}

/** @throws MalformedReply */
export function replyToNeutral(body: Json | undefined): NeutralEmbeddingReply {
  const reply = asObject(body) ?? {};
  const vectors = vectorsIn(reply);
  if (vectors === undefined) throw new MalformedReply("The reply has no embeddings.");
  return {
    id: "",
    model: asString(reply["model"]) ?? "",
    vectors: vectors.map(vectorOf),
    usage: usageOf(reply),
  };
}

/** Tokens of the whole batch; absent when everything came out of its cache. */
export function usageOf(reply: JsonObject): Usage | undefined {
  const tokens = reply["prompt_eval_count"];
  return isCount(tokens) ? usage({ inputTokens: Math.floor(tokens) }) : undefined;
}

/** @throws MalformedReply */
export function replyFromNeutral(
  reply: NeutralEmbeddingReply,
  { facts, estimatedInputTokens }: EmbeddingClientContext,
): JsonObject {
  const { usage: used } = reply;
  return {
    model: reply.model === "" ? facts.model : reply.model,
    embeddings: reply.vectors.map((vector) => [...numbersOf(vector, "float")]),
    prompt_eval_count: used === undefined ? estimatedInputTokens : totalInputTokens(used),
  };
}
