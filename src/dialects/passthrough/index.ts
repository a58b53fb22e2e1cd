// What is opened of a vendor's API as it is: bodies pass unread both ways, in whatever language they are.
// Errors of our own are in OpenAI's form.

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { CallHints, Dialect, ReplyFindings } from "../dialect.ts";
import { malformed, readInlineFault } from "../openai-chat/fault.ts";
import { OPENAI_FORM } from "../openai-chat/openai-form.ts";
import { readUsage } from "../openai-chat/usage.ts";

/** Id of what passes unread. */
export const PASSTHROUGH = "passthrough";

/** `/passthrough/{provider}/{path}`. */
export const passthrough: Dialect = Object.freeze({
  ...OPENAI_FORM,
  id: PASSTHROUGH,
  operations: ["pass_through"] as const,
  // What vendors read of their own clients; never a credential, an account or a project.
  forwardedHeaders: [
    "accept",
    "range",
    "anthropic-version",
    "anthropic-beta",
    "openai-beta",
    "x-goog-api-client",
  ],
  read: (_body: JsonObject, hints: CallHints) => throughFacts(hints.model),
  inspect,
  answersInAnyForm: true,
  hasOpenCost: true,
} satisfies Dialect);

/**
 * Facts of a call that nobody reads.
 * @param name what it is called in reports
 */
export function throughFacts(name: string): CallFacts {
  return {
    operation: "pass_through",
    dialect: PASSTHROUGH,
    model: name,
    stream: false,
    wantsUsage: false,
    textLength: 0,
    maxOutputTokens: 0,
    choices: 1,
    messageCount: 0,
    toolCount: 0,
    imageCount: 0,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: "",
    metadata: {},
  };
}

/** Replies pass whatever they are; this is for what is JSON, and looked at all the same. */
function inspect(body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  const fault = reply === undefined ? malformed("The reply is no JSON.") : readInlineFault(reply);
  return {
    usage: readUsage(reply?.["usage"]),
    empty: false,
    stop: fault === undefined ? "end" : "error",
    fault,
    textLength: 0,
  };
}
