// Voyage AI's reranking. Source: https://docs.voyageai.com/reference/reranker-api (2026-11).

import { flatFault } from "../vectors/flat-fault.ts";
import { listIn, listUsage } from "../vectors/list.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { VOYAGE_RERANK } from "./dialect-id.ts";
import { replyFromNeutral, replyToNeutral } from "./reply.ts";
import { requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v1/rerank` of Voyage AI. */
export const voyageRerank = vendorDialect({
  id: VOYAGE_RERANK,
  namesModel: true,
  resultsIn: listIn,
  usageOf: listUsage,
  fault: (error) => ({ ...flatFault(error), detail: error.message }),
  reranking: {
    returnsDocuments: true,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
