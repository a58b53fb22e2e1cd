// Cohere's reranking requests, read and written. Its second version takes texts only and gives none back.

import type { JsonObject } from "#core/json.ts";
import { asString } from "#core/json.ts";
import { cannotEmbed } from "../embedding.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRerankRequest, RerankDocument } from "../neutral-rerank.ts";
import { countAt, requiredString, unknownMembers } from "../openai-chat/fields.ts";
import { documentsOf } from "../rerank/request.ts";
import type { RerankUpstreamContext } from "../reranking.ts";
import { COHERE_RERANK } from "./dialect-id.ts";

const KNOWN = new Set(["model", "query", "documents", "top_n"]);
/** Fields of Cohere's that callers of the common form may write. */
const OWN = new Set(["max_tokens_per_doc", "priority"]);

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject): NeutralRerankRequest {
  const topCount = countAt(body, "top_n", 1);
  return {
    origin: COHERE_RERANK,
    model: requiredString(body, "model"),
    query: requiredString(body, "query"),
    documents: documentsOf(body["documents"]),
    ...(topCount !== undefined && { topCount }),
    extras: new Map(unknownMembers(body, KNOWN)),
  };
}

/** @throws GatewayError `unsupported_feature` for a document without text */
export function requestFromNeutral(
  request: NeutralRerankRequest,
  context: RerankUpstreamContext,
): JsonObject {
  const { query, documents, topCount } = request;
  if (request.truncates === false) context.notice("dropped", "truncation");
  announceExtras(request.extras, context, OWN);
  return {
    ...Object.fromEntries([...request.extras].filter(([name]) => OWN.has(name))),
    model: context.model,
    query,
    documents: documents.map((document, index) => textOf(document, index, context)),
    ...(topCount !== undefined && { top_n: topCount }),
  };
}

/** Objects of several fields are written as YAML, which Cohere recommends; here as JSON, its subset. */
export function textOf(
  document: RerankDocument,
  index: number,
  context: RerankUpstreamContext,
): string {
  if (typeof document === "string") return document;
  const text = asString(document["text"]);
  if (text !== undefined && Object.keys(document).length === 1) return text;
  if (document["image"] !== undefined) {
    throw cannotEmbed(`documents[${index}]`, `${context.model} reads texts only, and no images.`);
  }
  context.notice("converted", "documents");
  return JSON.stringify(document);
}
