// Voyage AI's embeddings: OpenAI's reply, a request of its own.
// Source: https://docs.voyageai.com/reference/embeddings-api (2026-11).

import { replyFromNeutral } from "../embeddings/reply-from-neutral.ts";
import { flatFault } from "../vectors/flat-fault.ts";
import { listIn, listUsage, readEmbeddingList } from "../vectors/list.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { VOYAGE_EMBEDDINGS } from "./dialect-id.ts";
import { LIMITS, requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v1/embeddings` of Voyage AI. */
export const voyageEmbeddings = vendorDialect({
  id: VOYAGE_EMBEDDINGS,
  namesModel: true,
  resultsIn: listIn,
  usageOf: listUsage,
  fault: (error) => ({ ...flatFault(error), detail: error.message }),
  embedding: {
    requestToNeutral,
    limits: () => LIMITS,
    requestFromNeutral,
    replyToNeutral: readEmbeddingList,
    replyFromNeutral,
  },
});
