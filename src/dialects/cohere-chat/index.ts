// Cohere's chat, second version. Sources: docs.cohere.com/v2/reference/chat, the types of
// cohere-ai/cohere-typescript (2026-09), recorded exchanges where they differ.

import type { ClientContext, Dialect } from "../dialect.ts";
import { ACCEPTS } from "./accepts.ts";
import { CohereDecoder } from "./decoder.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { CohereEncoder } from "./encoder.ts";
import { readFault, writeFault, writeFaultFrames } from "./fault.ts";
import { inspectReply } from "./inspect.ts";
import { modelEntry, modelList } from "./models.ts";
import { readChat } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** `POST /v2/chat`. No route leads in: it is a way out. */
export const cohereChat: Dialect = Object.freeze({
  id: COHERE_CHAT,
  operations: ["generate"] as const,
  forwardedHeaders: [],
  read: readChat,
  edits: (_facts, model) => new Map([["model", model]]),
  inspect: inspectReply,
  readFault,
  fault: writeFault,
  faultFrames: writeFaultFrames,
  keepAlive: () => ": keep-alive\n\n",
  countReply: (inputTokens) => ({ meta: { tokens: { input_tokens: inputTokens } } }),
  modelList,
  modelEntry,
  translation: Object.freeze({
    accepts: ACCEPTS,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
    decoder: () => new CohereDecoder(),
    encoder: (context: ClientContext) => new CohereEncoder(context),
  }),
} satisfies Dialect);
