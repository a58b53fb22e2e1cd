// Google's embeddings as Vertex AI serves them.
// Source: cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api (2026-11).

import { readFault, writeFault } from "../gemini-generate/fault.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { VERTEX_EMBEDDINGS } from "./dialect-id.ts";
import { replyFromNeutral, replyToNeutral, usageOf, vectorsIn } from "./reply.ts";
import { limitsOf, requestFromNeutral, requestToNeutral } from "./request.ts";

/** `:predict` and `:embedContent` of Vertex AI. */
export const vertexEmbeddings = vendorDialect({
  id: VERTEX_EMBEDDINGS,
  namesModel: false,
  resultsIn: vectorsIn,
  usageOf,
  readFault,
  fault: (error) => writeFault(error, ""),
  embedding: {
    requestToNeutral,
    limits: limitsOf,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
