// Ollama's own chat API, which says more than its imitation of OpenAI's: thinking levels, options of the
// model, how long it stays loaded. Sources: github.com/ollama/ollama docs/openapi.yaml and api/types.go
// (2026-10).

import type { ClientContext, Dialect } from "../dialect.ts";
import { OllamaDecoder } from "./decoder.ts";
import { OLLAMA_CHAT } from "./dialect-id.ts";
import { OllamaEncoder } from "./encoder.ts";
import { readFault, writeFault, writeFaultFrames } from "./fault.ts";
import { inspectReply } from "./inspect.ts";
import { modelEntry, modelList } from "./models.ts";
import { readChat } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** `POST /api/chat`. No route leads in: it is a way out. */
export const ollamaChat: Dialect = Object.freeze({
  id: OLLAMA_CHAT,
  operations: ["generate"] as const,
  streamFraming: "ndjson",
  forwardedHeaders: [],
  read: readChat,
  edits: (_facts, model) => new Map([["model", model]]),
  inspect: inspectReply,
  readFault,
  fault: writeFault,
  faultFrames: writeFaultFrames,
  keepAlive: () => ": keep-alive\n\n",
  countReply: (inputTokens) => ({ prompt_eval_count: inputTokens }),
  modelList,
  modelEntry,
  translation: Object.freeze({
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
    decoder: () => new OllamaDecoder(),
    encoder: (context: ClientContext) => new OllamaEncoder(context),
  }),
} satisfies Dialect);
