// Voyage's reranking requests, read and written.

import type { JsonObject } from "#core/json.ts";
import { textOf } from "../cohere-rerank/request.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRerankRequest } from "../neutral-rerank.ts";
import { booleanAt, countAt, requiredString, unknownMembers } from "../openai-chat/fields.ts";
import { documentsOf } from "../rerank/request.ts";
import type { RerankUpstreamContext } from "../reranking.ts";
import { VOYAGE_RERANK } from "./dialect-id.ts";

const KNOWN = new Set(["model", "query", "documents", "top_k", "return_documents", "truncation"]);

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject): NeutralRerankRequest {
  const topCount = countAt(body, "top_k", 1);
  const returnDocuments = booleanAt(body, "return_documents");
  const truncates = booleanAt(body, "truncation");
  return {
    origin: VOYAGE_RERANK,
    model: requiredString(body, "model"),
    query: requiredString(body, "query"),
    documents: documentsOf(body["documents"]),
    ...(topCount !== undefined && { topCount }),
    ...(returnDocuments !== undefined && { returnDocuments }),
    ...(truncates !== undefined && { truncates }),
    extras: new Map(unknownMembers(body, KNOWN)),
  };
}

/** @throws GatewayError `unsupported_feature` for a document without text */
export function requestFromNeutral(
  request: NeutralRerankRequest,
  context: RerankUpstreamContext,
): JsonObject {
  const { query, documents, topCount, returnDocuments, truncates } = request;
  announceExtras(request.extras, context);
  return {
    model: context.model,
    query,
    documents: documents.map((document, index) => textOf(document, index, context)),
    ...(topCount !== undefined && { top_k: topCount }),
    ...(returnDocuments !== undefined && { return_documents: returnDocuments }),
    ...(truncates !== undefined && { truncation: truncates }),
  };
}
