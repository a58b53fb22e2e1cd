// Reads a whole reply from the side: usage, how it ended, whether there is anything in it.

import type { Operation } from "#core/facts.ts";
import type { Json } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import type { NeutralReply, Part, UpstreamFault } from "../neutral.ts";
import { errorIn, malformed, readFault } from "./fault.ts";
import { replyFields } from "./fields.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";

/** Reads a reply of any operation. */
export function inspectReply(body: Json | undefined, operation: Operation): ReplyFindings {
  const error = errorIn(body);
  if (error !== undefined) return faulty(readFault(0, error, new Headers()));
  if (!isJsonObject(body)) return faulty(malformed("The reply is not a JSON object."));
  if (operation === "count_tokens") {
    return replyFields(body).integer("totalTokens") === undefined
      ? faulty(malformed("The reply holds no token count."))
      : { usage: undefined, empty: false, stop: "end", fault: undefined, textLength: 0 };
  }
  const reply = replyToNeutral(body);
  const isReply = reply.blocked !== undefined || replyFields(body).objects("candidates").length > 0;
  if (!isReply) return { ...faulty(malformed("The reply has no candidates.")), usage: reply.usage };
  return {
    usage: reply.usage,
    empty: isEmpty(reply),
    stop: reply.choices[0]?.stop ?? "content_filter",
    fault: undefined,
    textLength: reply.choices.flatMap((choice) => choice.parts).reduce(addLength, 0),
  };
}

function faulty(fault: UpstreamFault): ReplyFindings {
  return { usage: undefined, empty: false, stop: "error", fault, textLength: 0 };
}

/** Nothing usable together with a natural stop (contract section 7). */
function isEmpty(reply: NeutralReply): boolean {
  if (reply.blocked !== undefined) return false;
  return reply.choices.every(({ stop, parts }) => {
    return stop === "end" && parts.every((part) => part.kind === "text" && part.text === "");
  });
}

function addLength(sum: number, part: Part): number {
  if (part.kind === "tool-call") return sum + part.name.length + part.argumentsJson.length;
  if (part.kind === "text" || part.kind === "reasoning" || part.kind === "refusal") {
    return sum + part.text.length;
  }
  return sum;
}
