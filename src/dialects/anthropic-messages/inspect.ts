// What a whole reply holds, read from the side while its bytes go through.

import type { Operation } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject } from "#core/json.ts";
import { NO_USAGE } from "#core/usage.ts";
import type { ReplyFindings } from "../dialect.ts";
import {
  MALFORMED_REPLY,
  type NeutralChoice,
  type Part,
  type StopReason,
  type UpstreamFault,
} from "../neutral.ts";
import { isFaultBody, readFaultBody } from "./fault.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";

const MALFORMED: UpstreamFault = Object.freeze({
  status: 0,
  code: MALFORMED_REPLY,
  message: "The upstream's reply is not a message of the Anthropic API.",
});

/** Inspects a reply; see `Dialect.inspect`. */
export function inspect(body: Json | undefined, operation: Operation): ReplyFindings {
  const reply = asObject(body);
  if (reply === undefined) return faulty(MALFORMED);
  if (isFaultBody(reply)) return faulty(readFaultBody(0, reply));
  return operation === "count_tokens" ? inspectCount(reply) : inspectMessage(reply);
}

function inspectMessage(body: JsonObject): ReplyFindings {
  if (!Array.isArray(body["content"])) return faulty(MALFORMED);
  const reply = replyToNeutral(body);
  const choice = reply.choices[0];
  return {
    usage: reply.usage,
    empty: choice === undefined || isEmpty(choice),
    stop: choice?.stop ?? "unknown",
    fault: undefined,
    textLength: (choice?.parts ?? []).reduce((sum, part) => sum + textLengthOf(part), 0),
  };
}

function inspectCount(body: JsonObject): ReplyFindings {
  if (asNumber(body["input_tokens"]) === undefined) return faulty(MALFORMED);
  // Counting is free: the tokens that it tells of were not used.
  return { usage: NO_USAGE, empty: false, stop: "end", fault: undefined, textLength: 0 };
}

function faulty(fault: UpstreamFault): ReplyFindings {
  return { usage: undefined, empty: false, stop: "error", fault, textLength: 0 };
}

/** Nothing to read or to call, yet the model says that it is done (contract section 7). */
function isEmpty(choice: NeutralChoice): boolean {
  return NATURAL_STOPS.has(choice.stop) && !choice.parts.some(isContent);
}

/** A spent limit, a pause and a refusal are answers without content; these are not. */
const NATURAL_STOPS: ReadonlySet<StopReason> = new Set(["end", "stop_sequence", "unknown"]);

/** Results of the vendor's own tools count as content; reasoning may be hidden behind its state. */
function isContent(part: Part): boolean {
  if (part.kind === "text" || part.kind === "refusal") return part.text !== "";
  if (part.kind === "reasoning") return part.text !== "" || part.providerState !== undefined;
  return true;
}

function textLengthOf(part: Part): number {
  if (part.kind === "tool-call") return part.name.length + part.argumentsJson.length;
  if (part.kind === "text" || part.kind === "refusal" || part.kind === "reasoning") {
    return part.text.length;
  }
  return 0;
}
