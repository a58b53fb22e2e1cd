// Anthropic's Messages API: `/v1/messages` and `/v1/messages/count_tokens`.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext, Dialect } from "../dialect.ts";
import { ACCEPTS } from "./accepts.ts";
import { count } from "./count.ts";
import { AnthropicDecoder } from "./decoder.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { edits } from "./edits.ts";
import { AnthropicEncoder } from "./encoder.ts";
import { fault, faultFrames, readFault } from "./fault.ts";
import { PING } from "./frame.ts";
import { inspect } from "./inspect.ts";
import { modelEntry, modelList } from "./models.ts";
import { read } from "./read.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

/** The dialect of Anthropic's SDKs and of Claude Code. */
export const anthropicMessages: Dialect = Object.freeze<Dialect>({
  id: ANTHROPIC_MESSAGES,
  operations: ["generate", "count_tokens"],
  // The vendor's contract for gateways (code.claude.com, LLM gateway protocol, 2026-11): version and
  // betas as they came; the session's ids belong to the same client and are harmless beside them.
  forwardedHeaders: [
    "anthropic-version",
    "anthropic-beta",
    "x-claude-code-session-id",
    "x-claude-code-agent-id",
    "x-claude-code-parent-agent-id",
  ],
  read,
  edits,
  inspect,
  readFault,
  fault,
  faultFrames,
  keepAlive: () => PING,
  countReply: (inputTokens: number): JsonObject => ({ input_tokens: inputTokens }),
  modelList,
  modelEntry,
  translation: Object.freeze({
    accepts: ACCEPTS,
    requestToNeutral,
    requestFromNeutral,
    replyToNeutral,
    replyFromNeutral,
    decoder: () => new AnthropicDecoder(),
    encoder: (context: ClientContext) => new AnthropicEncoder(context),
    count,
  }),
});
