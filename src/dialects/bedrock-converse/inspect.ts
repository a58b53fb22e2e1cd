// What a whole reply holds, read from the side.

import type { Operation } from "#core/facts.ts";
import type { Json } from "#core/json.ts";
import { asObject, isCount } from "#core/json.ts";
import { NO_USAGE } from "#core/usage.ts";
import type { ReplyFindings } from "../dialect.ts";
import {
  MALFORMED_REPLY,
  type NeutralChoice,
  type Part,
  type StopReason,
  type UpstreamFault,
} from "../neutral.ts";
import { faultInBody } from "./fault.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";

const MALFORMED: UpstreamFault = Object.freeze({
  status: 0,
  code: MALFORMED_REPLY,
  message: "The upstream's reply is not an answer of Bedrock's Converse API.",
});

/** Inspects a reply; see `Dialect.inspect`. */
export function inspect(body: Json | undefined, operation: Operation): ReplyFindings {
  const outer = asObject(body);
  if (outer === undefined) return faulty(MALFORMED);
  if (operation === "count_tokens" && isCount(outer["inputTokens"])) {
    // Counting is free: the tokens that it tells of were not used.
    return { usage: NO_USAGE, empty: false, stop: "end", fault: undefined, textLength: 0 };
  }
  if (!Array.isArray(asObject(asObject(outer["output"])?.["message"])?.["content"])) {
    return faulty(faultInBody(outer) ?? MALFORMED);
  }
  const reply = replyToNeutral(outer);
  const choice = reply.choices[0];
  return {
    usage: reply.usage,
    empty: choice === undefined || isEmpty(choice),
    stop: choice?.stop ?? "unknown",
    fault: undefined,
    textLength: (choice?.parts ?? []).reduce((sum, part) => sum + textLengthOf(part), 0),
  };
}

function faulty(fault: UpstreamFault): ReplyFindings {
  return { usage: undefined, empty: false, stop: "error", fault, textLength: 0 };
}

/** Nothing to read or to call, yet the model says that it is done (contract section 7). */
function isEmpty(choice: NeutralChoice): boolean {
  return NATURAL_STOPS.has(choice.stop) && !choice.parts.some(isContent);
}

const NATURAL_STOPS: ReadonlySet<StopReason> = new Set(["end", "stop_sequence", "unknown"]);

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
