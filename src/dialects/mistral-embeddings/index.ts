// Mistral's embeddings: OpenAI's form with other names for the size and the type of the numbers.
// Source: mistralai/client-ts 2.7.0 (2026-11).

import { replyFromNeutral } from "../embeddings/reply-from-neutral.ts";
import { flatFault } from "../vectors/flat-fault.ts";
import { listIn, listUsage, readEmbeddingList } from "../vectors/list.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { MISTRAL_EMBEDDINGS } from "./dialect-id.ts";
import { LIMITS, requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v1/embeddings` of Mistral. */
export const mistralEmbeddings = vendorDialect({
  id: MISTRAL_EMBEDDINGS,
  namesModel: true,
  resultsIn: listIn,
  usageOf: listUsage,
  fault: (error) => ({ object: "error", ...flatFault(error) }),
  embedding: {
    requestToNeutral,
    limits: () => LIMITS,
    requestFromNeutral,
    replyToNeutral: readEmbeddingList,
    replyFromNeutral,
  },
});
