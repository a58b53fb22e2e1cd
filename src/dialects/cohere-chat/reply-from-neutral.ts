// A neutral reply as Cohere would have written it.

import type { Json, JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralReply, Part } from "../neutral.ts";
import { writeCitations } from "./citations.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { isPlan, writeCall } from "./message-parts.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

/** Writes a reply. There is one answer in it: Cohere knows no others. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const [choice, ...others] = reply.choices;
  if (others.length > 0) context.notice("dropped", "choices");
  const stop = choice?.stop ?? (reply.blocked === undefined ? "unknown" : "content_filter");
  return {
    id: reply.id === "" ? context.requestId : reply.id,
    ...(reply.model !== "" && { model: reply.model }),
    finish_reason: writeStop(stop),
    message: { role: "assistant", ...writeMessage(choice?.parts ?? [], context) },
    ...(reply.usage !== undefined && { usage: writeUsage(reply.usage) }),
    ...(choice?.logprobs !== undefined && { logprobs: choice.logprobs }),
  };
}

/** The members of the message. */
function writeMessage(parts: readonly Part[], context: ClientContext): JsonObject {
  const calls = parts.filter((part) => part.kind === "tool-call").map(writeCall);
  const content: Json[] = [];
  const citations: Json[] = [];
  let plan = "";
  for (const part of parts) {
    if (part.kind === "text" && isPlan(part, calls.length > 0)) plan += part.text;
    else if (part.kind !== "tool-call") {
      if (part.kind === "text") citations.push(...writeCitations(part, content.length));
      content.push(...writeContent(part, context));
    }
  }
  return {
    ...(content.length > 0 && { content }),
    ...(plan !== "" && { tool_plan: plan }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(citations.length > 0 && { citations }),
  };
}

/** One part as items of `content`; what has no place there is announced. */
export function writeContent(part: Part, context: Pick<ClientContext, "notice">): JsonObject[] {
  switch (part.kind) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "reasoning":
      return writeThinking(part, context);
    case "vendor":
      if (part.origin === COHERE_CHAT) return [part.value];
      context.notice("dropped", part.name);
      return [];
    default:
      context.notice("dropped", part.kind);
      return [];
  }
}

function writeThinking(
  part: Extract<Part, { kind: "reasoning" }>,
  context: Pick<ClientContext, "notice">,
): JsonObject[] {
  if (part.providerState !== undefined) context.notice("dropped", "provider_state");
  return part.text === "" ? [] : [{ type: "thinking", thinking: part.text }];
}
