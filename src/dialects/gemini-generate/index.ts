// Gemini's generateContent API as a dialect (ai.google.dev/api/generate-content, 2026-08).

import type { Dialect } from "../dialect.ts";
import { ACCEPTS } from "./accepts.ts";
import { count } from "./count.ts";
import { GeminiDecoder } from "./decoder.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { editBody } from "./edits.ts";
import { GeminiEncoder } from "./encoder.ts";
import { readFault, writeFault, writeFaultFrames } from "./fault.ts";
import { inspectReply } from "./inspect.ts";
import { writeCount, writeModel, writeModelList } from "./models.ts";
import { readCall } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

const dialect: Dialect = {
  id: GEMINI_GENERATE,
  operations: ["generate", "count_tokens"],
  // Never keys, nor what would bill another project (`x-goog-user-project`), cut the usage out of
  // the reply (`x-goog-fieldmask`) or name another model (`x-goog-request-params`).
  forwardedHeaders: ["x-goog-api-client", "x-server-timeout"],
  read: readCall,
  edits: editBody,
  inspect: inspectReply,
  readFault,
  fault: writeFault,
  faultFrames: (error, requestId, framing, hasContent = true) =>
    writeFaultFrames(error, requestId, { framing, hasContent }),
  // White space between the elements of an array is nothing to a JSON parser.
  keepAlive: (framing) => (framing === "sse" ? ": keep-alive\n\n" : "\n"),
  countReply: writeCount,
  modelList: writeModelList,
  modelEntry: writeModel,
  translation: {
    accepts: ACCEPTS,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
    decoder: () => new GeminiDecoder(),
    encoder: (context) => new GeminiEncoder(context),
    count,
  },
};

/** `gemini-generate`: generateContent, streamGenerateContent and countTokens. */
export const geminiGenerate: Dialect = Object.freeze(dialect);
