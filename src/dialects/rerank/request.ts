// Reranking requests, read and written.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRerankRequest, RerankDocument } from "../neutral-rerank.ts";
import { booleanAt, countAt, requiredString, unknownMembers } from "../openai-chat/fields.ts";
import type { RerankUpstreamContext } from "../reranking.ts";
import { RERANK } from "./dialect-id.ts";

const KNOWN = new Set(["model", "query", "documents", "top_n", "return_documents", "truncation"]);

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject): NeutralRerankRequest {
  const topCount = countAt(body, "top_n", 1);
  const returnDocuments = booleanAt(body, "return_documents");
  const truncates = booleanAt(body, "truncation");
  return {
    origin: RERANK,
    model: requiredString(body, "model"),
    query: queryOf(body["query"]),
    documents: documentsOf(body["documents"]),
    ...(topCount !== undefined && { topCount }),
    ...(returnDocuments !== undefined && { returnDocuments }),
    ...(truncates !== undefined && { truncates }),
    extras: new Map(unknownMembers(body, KNOWN)),
  };
}

/** A text, or an object that holds one. */
function queryOf(query: Json | undefined): string {
  const text = isJsonObject(query) ? query["text"] : query;
  if (typeof text === "string" && text !== "") return text;
  throw invalidRequest("query", '"query" must be a text and not empty.');
}

/** @throws GatewayError `invalid_request` with the path of the document */
export function documentsOf(documents: Json | undefined): readonly RerankDocument[] {
  if (!Array.isArray(documents) || documents.length === 0) {
    throw invalidRequest("documents", '"documents" must be a list and not empty.');
  }
  return documents.map((document, index) => {
    if (typeof document === "string" || isJsonObject(document)) return document;
    const path = `documents[${index}]`;
    throw invalidRequest(path, `"${path}" must be a text or an object.`);
  });
}

/** Writes a request in this form. */
export function requestFromNeutral(
  request: NeutralRerankRequest,
  context: RerankUpstreamContext,
): JsonObject {
  const { query, documents, topCount, returnDocuments, truncates } = request;
  announceExtras(request.extras, context);
  return {
    model: context.model,
    query,
    documents: documents.map((document) => document),
    ...(topCount !== undefined && { top_n: topCount }),
    ...(returnDocuments !== undefined && { return_documents: returnDocuments }),
    ...(truncates !== undefined && { truncation: truncates }),
  };
}
