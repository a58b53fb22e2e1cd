// A neutral reply as a whole answer of Converse.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralReply } from "../neutral.ts";
import { replyBlock } from "./reply-part.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

/** Writes an answer. There is one in this dialect; further ones are left out with a notice. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const [choice, ...others] = reply.choices;
  if (others.length > 0) context.notice("dropped", "choices");
  const parts = choice?.parts ?? [];
  const content = parts
    .map((part) => replyBlock(part, context))
    .filter((block) => block !== undefined);
  const hasToolCall = parts.some((part) => part.kind === "tool-call");
  const ended = choice ?? { stop: "content_filter" as const, vendorStop: "" };
  const { fields, isConverted } = writeStop(ended, hasToolCall);
  if (isConverted) context.notice("converted", "stop_reason");
  return {
    output: { message: { role: "assistant", content } },
    ...fields,
    ...(reply.usage !== undefined && { usage: writeUsage(reply.usage) }),
    ...(reply.serviceTier !== undefined && { serviceTier: { type: reply.serviceTier } }),
  };
}
