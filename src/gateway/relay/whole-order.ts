// What is to be made of whole replies: plain data, so that it can cross to a worker thread.

import type { CallFacts, DialectId, Operation } from "#core/facts.ts";
import type { Notice } from "#core/notices.ts";
import type { Usage } from "#core/usage.ts";
import type { Restoring } from "#dialects/adapt/restoring.ts";
import type { ReplyFindings } from "#dialects/dialect.ts";
import type { RerankDocument } from "#dialects/neutral-rerank.ts";

/** How to read the replies to a call, and for whom. */
export interface WholeOrder {
  readonly upstream: DialectId;
  readonly client: DialectId;
  readonly operation: Operation;
  readonly facts: CallFacts;
  readonly requestId: string;
  readonly nowSeconds: number;
  /** Estimated, for replies that have to tell usage when the upstream did not. */
  readonly inputTokens: number;
  /** Model of the target, for replies of vendors that name none. */
  readonly model: string;
  /** What was changed in the request and is to be changed back; absent = nothing. */
  readonly restoring?: Restoring;
  /** Documents of a reranking that go into the reply, since the vendor gives none back. */
  readonly documents?: readonly RerankDocument[];
  /** Set when the bytes are several replies, one after the other. */
  readonly split?: {
    readonly sizes: readonly number[];
    readonly positions: readonly (readonly number[])[];
  };
  /** For each reply what its head told of usage. */
  readonly headUsage?: readonly (Usage | undefined)[];
}

export interface ReadReply {
  readonly findings: ReplyFindings;
  readonly notices: readonly Notice[];
  /** For the client; without meaning when the findings are bad. */
  readonly payload: Uint8Array | Blob;
}
