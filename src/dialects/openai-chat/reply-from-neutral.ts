// A neutral reply as a whole chat reply for a client.

import type { Json, JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { ImagePart, NeutralChoice, NeutralReply, Part, TextPart } from "../neutral.ts";
import { AUDIO, CUSTOM_CALL } from "./assistant-message.ts";
import { writeAnnotations } from "./citations.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { writeExtraContent } from "./extra-content.ts";
import { writeUrl } from "./media-source.ts";
import { writeDetail } from "./reasoning-details.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

/** Writes a reply. A prompt that was blocked becomes one choice that the filter ended. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const choices: readonly NeutralChoice[] =
    reply.choices.length === 0 && reply.blocked !== undefined
      ? [blockedChoice(reply.blocked)]
      : reply.choices;
  return {
    id: reply.id === "" ? `chatcmpl-${context.requestId}` : reply.id,
    object: "chat.completion",
    created: reply.createdAt === 0 ? context.nowSeconds : reply.createdAt,
    model: reply.model,
    choices: choices.map((choice) => writeChoice(choice, context)),
    ...(reply.usage !== undefined && { usage: writeUsage(reply.usage) }),
    ...(reply.serviceTier !== undefined && { service_tier: reply.serviceTier }),
  };
}

/** The choice that stands for a prompt which was blocked before any answer. */
export function blockedChoice(details: JsonObject): NeutralChoice {
  const stop = { stop: "content_filter", vendorStop: "content_filter" } as const;
  return { index: 0, parts: [], ...stop, stopDetails: details };
}

function writeChoice(choice: NeutralChoice, context: ClientContext): JsonObject {
  if (choice.stop === "pause") context.notice("converted", "stop_reason");
  const hasRefusal = choice.parts.some((part) => part.kind === "refusal");
  return {
    index: choice.index,
    message: writeMessage(choice.parts, context),
    logprobs: choice.logprobs ?? null,
    finish_reason: writeStop(choice.stop, hasRefusal),
    ...writeStopMembers(choice),
  };
}

/** What is known of the stop beyond its word: vLLM's `stop_reason`, and details of our own naming. */
export function writeStopMembers(
  choice: Pick<NeutralChoice, "stopSequence" | "stopDetails">,
): JsonObject {
  return {
    ...(choice.stopSequence !== undefined && { stop_reason: choice.stopSequence }),
    ...(choice.stopDetails !== undefined && { stop_details: choice.stopDetails }),
  };
}

function writeMessage(parts: readonly Part[], context: ClientContext): JsonObject {
  const texts = parts.filter((part) => part.kind === "text");
  const refusals = parts.filter((part) => part.kind === "refusal");
  const images = parts.filter((part) => part.kind === "image");
  const calls = parts.flatMap((part) => writeCall(part));
  const annotations = writeCitations(texts, context);
  const states = texts.flatMap((part) => part.providerState ?? []);
  return {
    role: "assistant",
    content: texts.length === 0 ? null : texts.map((part) => part.text).join(""),
    refusal: refusals.length === 0 ? null : refusals.map((part) => part.text).join(""),
    ...writeReasoning(parts),
    ...(annotations.length > 0 && { annotations: [...annotations] }),
    ...(images.length > 0 && { images: images.flatMap((part) => writePicture(part, context)) }),
    ...writeVendorParts(parts, context),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...writeExtraContent(states),
  };
}

/** The text under both names in use, and details because they alone can hold state. */
function writeReasoning(parts: readonly Part[]): JsonObject {
  const reasoning = parts.filter((part) => part.kind === "reasoning");
  if (reasoning.length === 0) return {};
  const text = reasoning.map((part) => part.text).join("");
  return {
    ...(text !== "" && { reasoning_content: text, reasoning: text }),
    reasoning_details: reasoning.map((part, index) =>
      writeDetail(part.text, part.redacted, part.providerState ?? [], index),
    ),
  };
}

function writeCall(part: Part): JsonObject[] {
  if (part.kind === "vendor" && part.origin === OPENAI_CHAT && part.name === CUSTOM_CALL) {
    return [part.value];
  }
  if (part.kind !== "tool-call") return [];
  return [
    {
      id: part.id,
      type: "function",
      function: { name: part.name, arguments: part.argumentsJson },
      ...writeExtraContent(part.providerState),
    },
  ];
}

/** Annotations count in the whole text of a message, while citations belong to its parts. */
function writeCitations(texts: readonly TextPart[], context: ClientContext): readonly Json[] {
  let before = "";
  return texts.flatMap(({ text, citations }) => {
    const annotations = writeAnnotations(citations, { text, before }, context);
    before += text;
    return annotations;
  });
}

/** An entry of `images`, in OpenRouter's form. */
export function writePicture(
  part: ImagePart,
  context: Pick<ClientContext, "notice">,
): JsonObject[] {
  const url = writeUrl(part.source);
  if (url !== undefined) return [{ type: "image_url", image_url: { url } }];
  context.notice("dropped", "image");
  return [];
}

function writeVendorParts(parts: readonly Part[], context: ClientContext): JsonObject {
  const members: JsonObject = {};
  for (const part of parts) {
    if (part.kind === "vendor") {
      if (part.origin !== OPENAI_CHAT) context.notice("dropped", part.name);
      else if (part.name === AUDIO) members[AUDIO] = part.value;
      else if (part.name !== CUSTOM_CALL) context.notice("dropped", part.name);
    } else if (isUnwritable(part)) {
      context.notice("dropped", part.kind);
    }
  }
  return members;
}

/** Kinds that no answer of a chat model has a member for. */
function isUnwritable(part: Part): boolean {
  return ["audio", "video", "file", "tool-result"].includes(part.kind);
}
