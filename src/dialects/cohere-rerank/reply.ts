// Cohere's reranking replies, written; they are read as those of the common form.

import type { JsonObject } from "#core/json.ts";
import type { NeutralRerankReply } from "../neutral-rerank.ts";
import { SEARCH_UNITS } from "../reranking.ts";

/** Results, best first. */
export function replyFromNeutral(reply: NeutralRerankReply): JsonObject {
  const searches = reply.usage?.serverToolRequests[SEARCH_UNITS];
  return {
    id: reply.id,
    results: reply.results.map(({ index, score }) => ({ index, relevance_score: score })),
    ...(searches !== undefined && { meta: { billed_units: { [SEARCH_UNITS]: searches } } }),
  };
}
