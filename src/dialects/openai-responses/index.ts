// OpenAI's Responses API: what Codex, the Agents SDK and the newer clients speak. Sources:
// openai/openai-openapi 2.3.0 (2026-08), the official client's types, and recorded exchanges of OpenAI,
// Azure, DeepSeek, OpenRouter and Bedrock.

import type { ClientContext, Dialect } from "../dialect.ts";
import { readFault, writeFault } from "../openai-chat/fault.ts";
import { modelEntry, modelList } from "../openai-chat/models.ts";
import { ACCEPTS } from "./accepts.ts";
import { count } from "./count.ts";
import { ResponsesDecoder } from "./decoder.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { responsesEdits } from "./edits.ts";
import { ResponsesEncoder } from "./encoder.ts";
import { writeFaultFrames } from "./fault.ts";
import { inspectReply } from "./inspect.ts";
import { readResponses } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** `POST /v1/responses` and `POST /v1/responses/input_tokens`. */
export const openaiResponses: Dialect = Object.freeze({
  id: OPENAI_RESPONSES,
  operations: ["generate", "count_tokens"] as const,
  forwardedHeaders: ["openai-beta"],
  read: readResponses,
  edits: responsesEdits,
  inspect: inspectReply,
  readFault,
  fault: writeFault,
  faultFrames: writeFaultFrames,
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
    decoder: () => new ResponsesDecoder(),
    encoder: (context: ClientContext) => new ResponsesEncoder(context),
    count,
  }),
} satisfies Dialect);
