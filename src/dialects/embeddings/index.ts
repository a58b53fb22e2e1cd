// OpenAI's embeddings. Source: openai/openai-openapi 2.3.0 (2026-08).

import type { Dialect } from "../dialect.ts";
import { readFault, writeFault, writeFaultFrames } from "../openai-chat/fault.ts";
import { modelEntry, modelList } from "../openai-chat/models.ts";
import { readEmbeddingList } from "../vectors/list.ts";
import { EMBEDDINGS } from "./dialect-id.ts";
import { embeddingEdits } from "./edits.ts";
import { inspectEmbeddings } from "./inspect.ts";
import { readEmbeddings } from "./read.ts";
import { reencoded, replyFromNeutral } from "./reply-from-neutral.ts";
import { LIMITS, requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** `POST /v1/embeddings`. */
export const embeddings: Dialect = Object.freeze({
  id: EMBEDDINGS,
  operations: ["embed"] as const,
  forwardedHeaders: ["openai-beta"],
  read: readEmbeddings,
  edits: embeddingEdits,
  inspect: inspectEmbeddings,
  readFault,
  fault: writeFault,
  faultFrames: writeFaultFrames,
  keepAlive: () => ": keep-alive\n\n",
  countReply: (inputTokens) => ({ object: "response.input_tokens", input_tokens: inputTokens }),
  modelList,
  modelEntry,
  embedding: {
    requestToNeutral,
    limits: () => LIMITS,
    requestFromNeutral,
    replyToNeutral: readEmbeddingList,
    replyFromNeutral,
    reencoded,
  },
} satisfies Dialect);
