// Reranking replies, read and written.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString, isCount } from "#core/json.ts";
import { totalInputTokens, type Usage } from "#core/usage.ts";
import type { NeutralRerankReply } from "../neutral-rerank.ts";
import { type RerankClientContext, readResults, SEARCH_UNITS, searchUsage } from "../reranking.ts";
import { readInputUsage } from "../vectors/list.ts";

/** Where the results stand; undefined when the body is no such reply. */
export function resultsIn({ results }: JsonObject): readonly Json[] | undefined {
  return Array.isArray(results) ? results : undefined;
}

/** @throws MalformedReply */
export function replyToNeutral(body: Json | undefined): NeutralRerankReply {
  const reply = asObject(body) ?? {};
  return {
    id: asString(reply["id"]) ?? "",
    model: asString(reply["model"]) ?? "",
    results: readResults(reply["results"]),
    usage: usageOf(reply),
  };
}

/** Tokens as Jina tells them, or the searches that Cohere bills. */
export function usageOf(reply: JsonObject): Usage | undefined {
  const meta = asObject(reply["meta"]);
  const searches = asObject(meta?.["billed_units"])?.[SEARCH_UNITS];
  if (isCount(searches)) return searchUsage(Math.floor(searches));
  return readInputUsage(reply["usage"]) ?? readInputUsage(meta?.["tokens"]);
}

/** Results in the caller's form, best first, with what they cost as far as it is known. */
export function replyFromNeutral(
  reply: NeutralRerankReply,
  { facts }: RerankClientContext,
): JsonObject {
  const { usage: used } = reply;
  const searches = used?.serverToolRequests[SEARCH_UNITS];
  return {
    ...(reply.id !== "" && { id: reply.id }),
    model: reply.model === "" ? facts.model : reply.model,
    object: "list",
    results: reply.results.map(({ index, score, document }) => ({
      index,
      relevance_score: score,
      ...(document !== undefined && { document: asDocument(document) }),
    })),
    ...(used !== undefined && { usage: { total_tokens: totalInputTokens(used) } }),
    ...(searches !== undefined && { meta: { billed_units: { [SEARCH_UNITS]: searches } } }),
  };
}

/** A document that a vendor gave back as a text is an object here. */
function asDocument(document: Json): Json {
  return typeof document === "string" ? { text: document } : document;
}
