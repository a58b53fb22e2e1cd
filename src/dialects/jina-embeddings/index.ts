// Jina AI's embeddings: OpenAI's reply, a request of its own.
// Source: https://api.jina.ai/docs (2026-11).

import { replyFromNeutral } from "../embeddings/reply-from-neutral.ts";
import { flatFault } from "../vectors/flat-fault.ts";
import { listIn, listUsage, readEmbeddingList } from "../vectors/list.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { JINA_EMBEDDINGS } from "./dialect-id.ts";
import { LIMITS, requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v1/embeddings` of Jina AI. */
export const jinaEmbeddings = vendorDialect({
  id: JINA_EMBEDDINGS,
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
