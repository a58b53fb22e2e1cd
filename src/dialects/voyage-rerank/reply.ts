// Voyage's reranking replies, read and written.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import { totalInputTokens } from "#core/usage.ts";
import type { NeutralRerankReply } from "../neutral-rerank.ts";
import { readResults } from "../reranking.ts";
import { listUsage } from "../vectors/list.ts";

/** @throws MalformedReply */
export function replyToNeutral(body: Json | undefined): NeutralRerankReply {
  const reply = asObject(body) ?? {};
  return {
    id: "",
    model: asString(reply["model"]) ?? "",
    results: readResults(reply["data"]),
    usage: listUsage(reply),
  };
}

/** Results, best first. */
export function replyFromNeutral(reply: NeutralRerankReply): JsonObject {
  const { usage: used } = reply;
  return {
    object: "list",
    data: reply.results.map(({ index, score, document }) => ({
      relevance_score: score,
      index,
      ...(document !== undefined && { document }),
    })),
    model: reply.model,
    ...(used !== undefined && { usage: { total_tokens: totalInputTokens(used) } }),
  };
}
