// Reranking as callers write it: the form of Jina, which vLLM, llama.cpp, OpenRouter and the first version
// of Cohere's API share. Source: https://api.jina.ai/docs (2026-11).

import { writeFault } from "../openai-chat/fault.ts";
import { vendorDialect } from "../vectors/vendor-dialect.ts";
import { RERANK } from "./dialect-id.ts";
import { replyFromNeutral, replyToNeutral, resultsIn, usageOf } from "./reply.ts";
import { requestFromNeutral, requestToNeutral } from "./request.ts";

/** `POST /v1/rerank`. */
export const rerank = vendorDialect({
  id: RERANK,
  namesModel: true,
  resultsIn,
  usageOf,
  fault: writeFault,
  reranking: {
    returnsDocuments: true,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
  },
});
