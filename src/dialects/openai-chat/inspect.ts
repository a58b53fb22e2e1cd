// What the gateway wants to know of a whole reply at a glance. Most replies are one message of plain
// text, which is looked at where it stands; all others are read as parts.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString, isJsonObject } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import type { Part, StopReason } from "../neutral.ts";
import { assistantParts, isContentAlone } from "./assistant-message.ts";
import { malformed, readInlineFault } from "./fault.ts";
import { readContent, shapeOf } from "./reply-to-neutral.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** A natural stop: nothing that would explain why there is nothing. */
const NATURAL: ReadonlySet<StopReason> = new Set(["end", "stop_sequence", "tool_call", "unknown"]);

/** What one message holds. */
interface Glance {
  readonly isEmpty: boolean;
  readonly textLength: number;
  readonly hasToolCall: boolean;
  readonly hasRefusal: boolean;
}

/** Looks at a reply from the side. */
export function inspectReply(body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  if (reply === undefined) return broken("The reply is not a JSON object.");
  const fault = readInlineFault(reply);
  if (fault !== undefined) return { ...broken(""), fault };
  const choices = reply["choices"];
  if (!Array.isArray(choices)) return broken("The reply has no choices.");
  let stop: StopReason | undefined;
  let isEmpty = true;
  let textLength = 0;
  for (const choice of choices) {
    if (!isJsonObject(choice)) continue;
    const glance = glanceAt(asObject(choice["message"]) ?? {});
    const stopSequence = asString(choice["stop_reason"]);
    const ended = readStop(asString(choice["finish_reason"]) ?? "", { ...glance, stopSequence });
    stop ??= ended;
    isEmpty = isEmpty && glance.isEmpty && NATURAL.has(ended);
    textLength += glance.textLength;
  }
  const usage = readUsage(reply["usage"], reply["service_tier"]);
  return { usage, empty: isEmpty, stop: stop ?? "unknown", fault: undefined, textLength };
}

function broken(message: string): ReplyFindings {
  return {
    usage: undefined,
    empty: false,
    stop: "error",
    fault: malformed(message),
    textLength: 0,
  };
}

function glanceAt(message: JsonObject): Glance {
  const content = message["content"];
  if (Array.isArray(content) || !isContentAlone(message)) {
    // Only the ids of calls depend on the seed, and nobody sees them here.
    return glanceAtParts(assistantParts(message, readContent(content), ""));
  }
  const text = asString(content) ?? "";
  return {
    isEmpty: text.trim() === "",
    textLength: text.length,
    hasToolCall: false,
    hasRefusal: false,
  };
}

function glanceAtParts(parts: readonly Part[]): Glance {
  return {
    isEmpty: parts.every(isNothing),
    textLength: parts.reduce((sum, part) => sum + lengthOf(part), 0),
    ...shapeOf(parts),
  };
}

function isNothing(part: Part): boolean {
  if (part.kind === "text" || part.kind === "refusal") return part.text.trim() === "";
  return part.kind === "reasoning" && part.text === "" && part.providerState === undefined;
}

function lengthOf(part: Part): number {
  if (part.kind === "tool-call") return part.name.length + part.argumentsJson.length;
  return "text" in part ? part.text.length : 0;
}
