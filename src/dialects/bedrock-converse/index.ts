// Amazon Bedrock's Converse API: `/model/{id}/converse` and `/model/{id}/converse-stream`. Upstreams
// speak it; no route takes it from clients.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext, Dialect } from "../dialect.ts";
import { ACCEPTS } from "./accepts.ts";
import { count } from "./count.ts";
import { ConverseDecoder } from "./decoder.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { ConverseEncoder } from "./encoder.ts";
import { fault, faultFrames, readFault } from "./fault.ts";
import { inspect } from "./inspect.ts";
import { modelEntry, modelList } from "./models.ts";
import { read } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** The dialect of AWS's SDKs for models of every maker. */
export const bedrockConverse: Dialect = Object.freeze<Dialect>({
  id: BEDROCK_CONVERSE,
  operations: ["generate", "count_tokens"],
  streamFraming: "aws-event-stream",
  forwardedHeaders: [],
  read,
  // The model stands in the path.
  edits: () => new Map(),
  inspect,
  readFault,
  fault,
  faultFrames,
  keepAlive: () => ": keep-alive\n\n",
  countReply: (inputTokens: number): JsonObject => ({ inputTokens }),
  modelList,
  modelEntry,
  translation: Object.freeze({
    accepts: ACCEPTS,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
    decoder: () => new ConverseDecoder(),
    encoder: (context: ClientContext) => new ConverseEncoder(context),
    count,
  }),
});
