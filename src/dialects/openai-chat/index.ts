// OpenAI's chat completions, the form that most of the world imitates. Sources: openai/openai-openapi
// 2.3.0 (2026-08), vendors' documentation and recorded exchanges where they differ from it.

import type { ClientContext, Dialect } from "../dialect.ts";
import { ACCEPTS } from "./accepts.ts";
import { ChatDecoder } from "./decoder.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { chatEdits } from "./edits.ts";
import { ChatEncoder } from "./encoder.ts";
import { readFault, writeFault, writeFaultFrames } from "./fault.ts";
import { inspectReply } from "./inspect.ts";
import { modelEntry, modelList } from "./models.ts";
import { readChat } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";
import { withSluice } from "./with-sluice.ts";
import { withoutUsage } from "./without-usage.ts";

/** `POST /v1/chat/completions`. */
export const openaiChat: Dialect = Object.freeze({
  id: OPENAI_CHAT,
  operations: ["generate"] as const,
  forwardedHeaders: ["openai-beta"],
  read: readChat,
  edits: chatEdits,
  inspect: inspectReply,
  readFault,
  fault: writeFault,
  faultFrames: writeFaultFrames,
  withoutUsage,
  withSluice,
  keepAlive: () => ": keep-alive\n\n",
  countReply: (inputTokens) => ({ object: "response.input_tokens", input_tokens: inputTokens }),
  modelList,
  modelEntry,
  translation: Object.freeze({
    accepts: ACCEPTS,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
    decoder: () => new ChatDecoder(),
    encoder: (context: ClientContext) => new ChatEncoder(context),
  }),
} satisfies Dialect);
