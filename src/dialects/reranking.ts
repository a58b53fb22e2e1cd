// What a dialect of reranking calls must be able to do beside what every dialect does.

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject } from "#core/json.ts";
import type { NoticeKind } from "#core/notices.ts";
import type { Usage } from "#core/usage.ts";
import { usage } from "#core/usage.ts";
import { MalformedReply } from "./embedding.ts";
import type {
  NeutralRerankReply,
  NeutralRerankRequest,
  RerankDocument,
  RerankResult,
} from "./neutral-rerank.ts";

/** The name under which searches stand in a usage and are priced, as Cohere bills them. */
export const SEARCH_UNITS = "search_units";

/** What a dialect needs to know to write a request for an upstream. */
export interface RerankUpstreamContext {
  readonly model: string;
  notice(kind: NoticeKind, subject: string): void;
}

/** What a dialect needs to know to write for a client. */
export interface RerankClientContext {
  readonly facts: CallFacts;
}

/** Requests and replies of reranking calls. */
export interface RerankTranslation {
  /** False: the vendor gives no documents back; Sluice puts them into the results where callers ask. */
  readonly returnsDocuments: boolean;
  /** @throws GatewayError `invalid_request` with the path of what cannot be understood */
  requestToNeutral(body: JsonObject): NeutralRerankRequest;
  /** @throws GatewayError `unsupported_feature` naming what this vendor cannot take */
  requestFromNeutral(request: NeutralRerankRequest, context: RerankUpstreamContext): JsonObject;
  /** @throws MalformedReply when these are no results */
  replyToNeutral(body: Json | undefined): NeutralRerankReply;
  replyFromNeutral(reply: NeutralRerankReply, context: RerankClientContext): JsonObject;
}

/** Results with the documents that they point to. */
export function withDocuments(
  results: readonly RerankResult[],
  documents: readonly RerankDocument[],
): readonly RerankResult[] {
  return results.map((result) => {
    const document = result.document ?? documents[result.index];
    return document === undefined ? result : { ...result, document };
  });
}

/** Usage of searches that are billed by the piece. */
export function searchUsage(searches: number): Usage {
  return usage({ serverToolRequests: { [SEARCH_UNITS]: searches } });
}

/** Entries of `index`, `relevance_score` and perhaps `document`. @throws MalformedReply */
export function readResults(value: Json | undefined): readonly RerankResult[] {
  if (!Array.isArray(value)) throw new MalformedReply("The reply has no list of results.");
  return asArray(value).map((entry) => {
    const object = asObject(entry) ?? {};
    const { index, document } = object;
    const score = asNumber(object["relevance_score"]);
    if (typeof index !== "number" || score === undefined) {
      throw new MalformedReply("A result of the reply has no index or no score.");
    }
    return { index, score, ...(document !== undefined && document !== null && { document }) };
  });
}

/**
 * Holds results to what was asked: indexes of documents that there are, each once.
 * @throws MalformedReply that says what does not fit
 */
export function checkResults(results: readonly RerankResult[], documents: number): void {
  const seen = new Set<number>();
  for (const { index } of results) {
    const isPlace = Number.isInteger(index) && index >= 0 && index < documents;
    if (!isPlace || seen.has(index)) {
      throw new MalformedReply(
        `A result points to document ${index} of ${documents}, or to one twice.`,
      );
    }
    seen.add(index);
  }
}
