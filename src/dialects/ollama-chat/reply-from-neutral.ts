// A neutral reply as Ollama would have written it.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralReply, Part } from "../neutral.ts";
import { writeImage } from "./images.ts";
import { writeCall } from "./message-parts.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

/** Writes a reply. There is one answer in it: Ollama knows no others. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const [choice, ...others] = reply.choices;
  if (others.length > 0) context.notice("dropped", "choices");
  const logprobs = asArray(asObject(choice?.logprobs)?.["content"]);
  return {
    model: reply.model,
    created_at: timeOf(reply.createdAt === 0 ? context.nowSeconds : reply.createdAt),
    message: { role: "assistant", ...writeMessage(choice?.parts ?? [], context) },
    done: true,
    done_reason: writeStop(choice?.stop ?? "unknown"),
    ...(reply.usage !== undefined && writeUsage(reply.usage)),
    ...(logprobs.length > 0 && { logprobs }),
  };
}

/** RFC 3339, as all of its answers have it. */
export function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** The members of a message, with a notice for what has no place in one. */
export function writeMessage(
  parts: readonly Part[],
  context: Pick<ClientContext, "notice">,
): JsonObject {
  let content = "";
  let thinking = "";
  const images: Json[] = [];
  const calls: Json[] = [];
  for (const part of parts) {
    if (part.providerState !== undefined) context.notice("dropped", "provider_state");
    if (part.kind === "text" || part.kind === "refusal") content += part.text;
    else if (part.kind === "reasoning") thinking += part.text;
    else if (part.kind === "tool-call") calls.push(writeCall(part, calls.length));
    else {
      const image = part.kind === "image" ? writeImage(part) : undefined;
      if (image === undefined) context.notice("dropped", part.kind);
      else images.push(image);
    }
    if (part.kind === "text" && part.citations !== undefined)
      context.notice("dropped", "citations");
  }
  return {
    content,
    ...(thinking !== "" && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
