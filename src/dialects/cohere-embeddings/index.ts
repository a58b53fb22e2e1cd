// Cohere's embeddings, second version. Source: https://docs.cohere.com/v2/reference/embed (2026-11).

import { flatFault } from "../vectors/flat-fault.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { COHERE_EMBEDDINGS } from "./dialect-id.ts";
import { replyFromNeutral, replyToNeutral, usageOf, vectorsIn } from "./reply.ts";
import { limitsOf, requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v2/embed`. */
export const cohereEmbeddings = vendorDialect({
  id: COHERE_EMBEDDINGS,
  namesModel: true,
  resultsIn: vectorsIn,
  usageOf,
  fault: flatFault,
  embedding: {
    requestToNeutral,
    limits: limitsOf,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
