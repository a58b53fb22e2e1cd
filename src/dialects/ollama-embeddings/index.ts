// Ollama's embeddings. Source: ollama/ollama docs/openapi.yaml (2026-11).

import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { OLLAMA_EMBEDDINGS } from "./dialect-id.ts";
import { replyFromNeutral, replyToNeutral, usageOf, vectorsIn } from "./reply.ts";
import { LIMITS, requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /api/embed`. */
export const ollamaEmbeddings = vendorDialect({
  id: OLLAMA_EMBEDDINGS,
  namesModel: true,
  resultsIn: vectorsIn,
  usageOf,
  fault: (error) => ({ error: error.message, code: error.code }),
  embedding: {
    requestToNeutral,
    limits: () => LIMITS,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
