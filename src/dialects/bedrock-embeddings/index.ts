// Embedding models behind Bedrock's `invoke`: Amazon's Titan and Nova, Cohere's.
// Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html (2026-11).

import { readFault } from "../bedrock-converse/fault.ts";
import { flatFault } from "../vectors/flat-fault.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { BEDROCK_EMBEDDINGS } from "./dialect-id.ts";
import { replyFromNeutral, replyToNeutral, usageOf, usageOfHead, vectorsIn } from "./reply.ts";
import { limitsOf, requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** `POST /model/{model}/invoke` with an embedding model. */
export const bedrockEmbeddings = vendorDialect({
  id: BEDROCK_EMBEDDINGS,
  namesModel: false,
  resultsIn: vectorsIn,
  usageOf,
  usageOfHead,
  readFault,
  fault: (error) => ({ ...flatFault(error), __type: error.code }),
  embedding: {
    requestToNeutral,
    limits: limitsOf,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
