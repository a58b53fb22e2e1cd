// A neutral reply as a whole message for a client of this dialect.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralChoice, NeutralReply } from "../neutral.ts";
import { replyBlocks } from "./reply-part.ts";
import { replyTier } from "./reply-to-neutral.ts";
import { writeBlocked, writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

/** Writes a message. There is one answer in this dialect; further ones are left out with a notice. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const [choice, ...others] = reply.choices;
  if (others.length > 0) context.notice("dropped", "choices");
  const tier = replyTier(reply.serviceTier);
  return {
    id: messageId(reply.id, context),
    type: "message",
    role: "assistant",
    model: reply.model,
    content: (choice?.parts ?? []).flatMap((part) => replyBlocks(part, context)),
    ...writeEnd(choice, reply.blocked, context),
    usage: {
      ...writeUsage(reply.usage),
      ...(tier !== undefined && { service_tier: tier }),
    },
  };
}

/** The upstream's own id, else one made of the request's. */
export function messageId(upstreamId: string, context: ClientContext): string {
  return upstreamId === "" ? `msg_${context.requestId.replace(/^req_/, "")}` : upstreamId;
}

function writeEnd(
  choice: NeutralChoice | undefined,
  blocked: JsonObject | undefined,
  context: ClientContext,
): JsonObject {
  if (choice === undefined) return writeBlocked(blocked ?? {});
  const { fields, isConverted } = writeStop(choice, {
    hasToolCall: choice.parts.some((part) => part.kind === "tool-call"),
    hasRefusal: choice.parts.some((part) => part.kind === "refusal"),
  });
  if (isConverted) context.notice("converted", "stop_reason");
  return fields;
}
