// Vertex AI's embedding replies, read and written: predictions, or one embedding as the Gemini API has it.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";
import { type EmbeddingClientContext, MalformedReply } from "../embedding.ts";
import { usageOf as geminiUsage, vectorsIn as geminiVectors } from "../gemini-embeddings/reply.ts";
import type { NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { numbersOf } from "../vectors/bytes.ts";
import { vectorOf } from "../vectors/list.ts";

/** The objects that hold `values`; undefined when the body is no such reply. */
export function vectorsIn(reply: JsonObject): readonly Json[] | undefined {
  const { predictions } = reply;
  if (!Array.isArray(predictions)) return geminiVectors(reply);
  return predictions.map((prediction) => asObject(prediction)?.["embeddings"] ?? null);
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

/** Tokens of all predictions; unknown as soon as one does not tell. */
export function usageOf(reply: JsonObject): Usage | undefined {
  if (!Array.isArray(reply["predictions"])) return geminiUsage(reply);
  let inputTokens = 0;
  for (const entry of vectorsIn(reply) ?? []) {
    const told = asObject(asObject(entry)?.["statistics"]);
    const tokens = told?.["token_count"] ?? told?.["tokenCount"];
    if (!isCount(tokens)) return undefined;
    inputTokens += Math.floor(tokens);
  }
  return usage({ inputTokens });
}

/** @throws MalformedReply */
export function replyFromNeutral(
  reply: NeutralEmbeddingReply,
  { estimatedInputTokens }: EmbeddingClientContext,
): JsonObject {
  const { usage: used } = reply;
  const tokens = used === undefined ? estimatedInputTokens : totalInputTokens(used);
  // The form has a counter for each vector and none for all: the first one holds the sum.
  return {
    predictions: reply.vectors.map((vector, index) => ({
      embeddings: {
        values: [...numbersOf(vector, "float")],
        statistics: { token_count: index === 0 ? tokens : 0, truncated: false },
      },
    })),
  };
}
