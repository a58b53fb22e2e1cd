// Cohere's reranking, second version. Source: https://docs.cohere.com/v2/reference/rerank (2026-11).

import { replyToNeutral, resultsIn, usageOf } from "../rerank/reply.ts";
import { flatFault } from "../vectors/flat-fault.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { COHERE_RERANK } from "./dialect-id.ts";
import { replyFromNeutral } from "./reply.ts";
import { requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v2/rerank`. */
export const cohereRerank = vendorDialect({
  id: COHERE_RERANK,
  namesModel: true,
  resultsIn,
  usageOf,
  fault: flatFault,
  reranking: {
    returnsDocuments: false,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
