// The part of stage "shape" for embedding and reranking calls in another dialect: written from their own
// neutral forms, and in as many requests as the vendor's limits ask for.

import type { CallFacts } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { NoticeKind } from "#core/notices.ts";
import type { EmbeddingTraits } from "#dialects/embedding.ts";
import { dialectOf } from "#dialects/list.ts";
import type { RerankDocument } from "#dialects/neutral-rerank.ts";
import { planCalls } from "#dialects/vectors/plan-calls.ts";

/** What is written, for what. */
export interface VectorOrder {
  /** Dialect of the upstream. */
  readonly dialect: string;
  readonly model: string;
  /** The model behind that name. */
  readonly standsFor: string;
  readonly traits: EmbeddingTraits;
  notice(kind: NoticeKind, subject: string): void;
}

/** One request body, and the places that its inputs have in the whole call. */
export interface VectorRequest {
  readonly body: JsonObject;
  readonly positions: readonly number[];
  /** Documents that the caller wants back and the vendor does not give. */
  readonly documents?: readonly RerankDocument[];
}

/**
 * The requests to send, at least one. Rerankings are never cut: their scores only count among all.
 * @throws GatewayError `invalid_request`, or `unsupported_feature` when the target cannot take it
 */
export function vectorRequests(
  json: JsonObject,
  facts: CallFacts,
  order: VectorOrder,
): readonly VectorRequest[] {
  const from = dialectOf(facts.dialect);
  const to = dialectOf(order.dialect);
  if (facts.operation === "rerank" && from.reranking !== undefined && to.reranking !== undefined) {
    const request = from.reranking.requestToNeutral(json);
    const body = to.reranking.requestFromNeutral(request, order);
    if (request.returnDocuments !== true || to.reranking.returnsDocuments) {
      return [{ body, positions: [] }];
    }
    order.notice("emulated", "return_documents");
    return [{ body, positions: [], documents: request.documents }];
  }
  const { embedding } = to;
  if (from.embedding === undefined || embedding === undefined) {
    throw new Error(`${facts.dialect} cannot be translated to ${order.dialect}.`);
  }
  const request = from.embedding.requestToNeutral(json, facts.model);
  return planCalls(request, embedding.limits(order.standsFor)).map((call) => ({
    body: embedding.requestFromNeutral(call.request, order),
    positions: call.positions,
  }));
}
