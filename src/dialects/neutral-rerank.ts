// The form in the middle for reranking calls: a query, documents, and how well each fits.

import type { Json, JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";

/** A document to judge: a text, or an object of fields or an image that some vendors take. */
export type RerankDocument = string | JsonObject;

/** A request for an order of documents. */
export interface NeutralRerankRequest {
  /** The dialect it was read from. */
  readonly origin: string;
  readonly model: string;
  readonly query: string;
  readonly documents: readonly RerankDocument[];
  /** How many results to give; absent = all. */
  readonly topCount?: number;
  /** Whether the results are to hold the documents; absent = the caller did not say. */
  readonly returnDocuments?: boolean;
  /** Absent = the caller did not say. */
  readonly truncates?: boolean;
  /** Fields that the form has no place for: name -> value. */
  readonly extras: ReadonlyMap<string, Json>;
}

/** One document's place in the order. */
export interface RerankResult {
  /** Place of the document in the request. */
  readonly index: number;
  readonly score: number;
  /** As the vendor gave it back, where it did. */
  readonly document?: Json;
}

/** Results, best first. */
export interface NeutralRerankReply {
  readonly id: string;
  readonly model: string;
  readonly results: readonly RerankResult[];
  /** Tokens, or the searches that the vendor bills; undefined when it told neither. */
  readonly usage: Usage | undefined;
}
