// OpenAI's moderations. Bodies pass through. Source: openai/openai-openapi 2.3.0 (2026-08).

import type { Json } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { Dialect, ReplyFindings } from "../dialect.ts";
import { malformed, readInlineFault } from "../openai-chat/fault.ts";
import { OPENAI_FORM } from "../openai-chat/openai-form.ts";
import { readUsage } from "../openai-chat/usage.ts";
import { OPENAI_MODERATIONS } from "./dialect-id.ts";
import { readModeration } from "./read.ts";

/** `POST /v1/moderations`. */
export const openaiModerations: Dialect = Object.freeze({
  ...OPENAI_FORM,
  id: OPENAI_MODERATIONS,
  operations: ["moderate"] as const,
  read: readModeration,
  inspect,
} satisfies Dialect);

/** A judgement is never empty: that nothing was flagged is one. */
function inspect(body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  const fault = reply === undefined ? undefined : readInlineFault(reply);
  const isGood = fault === undefined && Array.isArray(reply?.["results"]);
  return {
    usage: readUsage(reply?.["usage"]),
    empty: false,
    stop: isGood ? "end" : "error",
    fault: fault ?? (isGood ? undefined : malformed("The reply has no list of results.")),
    textLength: 0,
  };
}
