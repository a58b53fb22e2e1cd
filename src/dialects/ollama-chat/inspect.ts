// What the gateway wants to know of a whole reply at a glance.

import type { Json } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import type { Part, StopReason } from "../neutral.ts";
import { malformed, readInlineFault } from "./fault.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";

/** A natural stop: nothing that would explain why there is nothing. */
const NATURAL: ReadonlySet<StopReason> = new Set(["end", "stop_sequence", "tool_call", "unknown"]);

/** Looks at a reply from the side. */
export function inspectReply(body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  if (reply === undefined) return broken("The reply is not a JSON object.");
  const fault = readInlineFault(reply);
  if (fault !== undefined) return { ...broken(""), fault };
  if (asObject(reply["message"]) === undefined) return broken("The reply has no message.");
  const { choices, usage } = replyToNeutral(reply);
  const parts = choices[0]?.parts ?? [];
  const stop = choices[0]?.stop ?? "unknown";
  return {
    usage,
    empty: parts.every(isNothing) && NATURAL.has(stop),
    stop,
    fault: undefined,
    textLength: parts.reduce((sum, part) => sum + lengthOf(part), 0),
  };
}

function broken(message: string): ReplyFindings {
  const fault = malformed(message);
  return { usage: undefined, empty: false, stop: "error", fault, textLength: 0 };
}

function isNothing(part: Part): boolean {
  return part.kind === "text" && part.text.trim() === "";
}

function lengthOf(part: Part): number {
  if (part.kind === "tool-call") return part.name.length + part.argumentsJson.length;
  return "text" in part ? part.text.length : 0;
}
