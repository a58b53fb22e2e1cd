// What the gateway wants to know of a whole reply at a glance.

import type { Operation } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject } from "#core/json.ts";
import { NO_USAGE } from "#core/usage.ts";
import type { ReplyFindings } from "../dialect.ts";
import type { Part, StopReason, UpstreamFault } from "../neutral.ts";
import { malformed } from "../openai-chat/fault.ts";
import { readBodyFault } from "./fault.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";

/** Nothing that would explain why there is nothing. */
const NATURAL: ReadonlySet<StopReason> = new Set(["end", "stop_sequence", "tool_call", "unknown"]);

/** Looks at a reply from the side. */
export function inspectReply(body: Json | undefined, operation: Operation): ReplyFindings {
  const reply = asObject(body);
  if (reply === undefined) return broken(malformed("The reply is not a JSON object."));
  const fault = readBodyFault(reply);
  if (fault !== undefined) return broken(fault);
  return operation === "count_tokens" ? inspectCount(reply) : inspectResponse(reply);
}

function inspectResponse(body: JsonObject): ReplyFindings {
  if (!Array.isArray(body["output"])) return broken(malformed("The reply has no output."));
  const { choices, usage } = replyToNeutral(body);
  const parts = choices[0]?.parts ?? [];
  const stop = choices[0]?.stop ?? "unknown";
  return {
    usage,
    empty: NATURAL.has(stop) && parts.every(isNothing),
    stop,
    fault: undefined,
    textLength: parts.reduce((sum, part) => sum + lengthOf(part), 0),
  };
}

function inspectCount(body: JsonObject): ReplyFindings {
  if (asNumber(body["input_tokens"]) === undefined) {
    return broken(malformed("The reply counts no tokens."));
  }
  // Counting is free: the tokens that it tells of were not used.
  return { usage: NO_USAGE, empty: false, stop: "end", fault: undefined, textLength: 0 };
}

function broken(fault: UpstreamFault): ReplyFindings {
  return { usage: undefined, empty: false, stop: "error", fault, textLength: 0 };
}

function isNothing(part: Part): boolean {
  if (part.kind === "text" || part.kind === "refusal") return part.text.trim() === "";
  return part.kind === "reasoning" && part.text === "" && part.providerState === undefined;
}

function lengthOf(part: Part): number {
  if (part.kind === "tool-call") return part.name.length + part.argumentsJson.length;
  return "text" in part ? part.text.length : 0;
}
