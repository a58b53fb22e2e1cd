// A neutral reply as a GenerateContentResponse.

import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralChoice, NeutralReply, Part } from "../neutral.ts";
import type { Citations } from "./candidate.ts";
import { writeEvidence, writeStopDetails } from "./candidate.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { writeLogprobs } from "./logprobs.ts";
import { ClientParts } from "./parts-for-client.ts";
import { writeUsage } from "./usage.ts";

/** Writes a reply. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const usageMetadata = writeMetadata(reply);
  return {
    ...(reply.choices.length > 0 && {
      candidates: reply.choices.map((choice) => writeCandidate(choice, context)),
    }),
    ...(reply.blocked !== undefined && { promptFeedback: writeBlocked(reply.blocked) }),
    ...(usageMetadata !== undefined && { usageMetadata }),
    modelVersion: reply.model,
    ...(reply.createdAt > 0 && { createTime: new Date(reply.createdAt * 1000).toISOString() }),
    responseId: reply.id === "" ? context.requestId : reply.id,
  };
}

function writeMetadata(reply: NeutralReply): JsonObject | undefined {
  if (reply.usage === undefined) return undefined;
  const tier = reply.serviceTier === "default" ? "standard" : reply.serviceTier;
  return { ...writeUsage(reply.usage), ...(tier !== undefined && { serviceTier: tier }) };
}

/** `promptFeedback` in Google's words; another vendor's details go into the message. */
export function writeBlocked(details: JsonObject): JsonObject {
  if (typeof details["blockReason"] === "string") return details;
  return { blockReason: "OTHER", blockReasonMessage: JSON.stringify(details) };
}

function writeCandidate(choice: NeutralChoice, context: ClientContext): JsonObject {
  const writer = new ClientParts(context);
  const parts = choice.parts
    .filter((part) => !isEmptyCitation(part))
    .map((part) => writer.write(part))
    .filter(isJsonObject);
  const logprobsResult = writeLogprobs(choice.logprobs);
  return {
    content: { ...(parts.length > 0 && { parts }), role: "model" },
    finishReason: writer.finishReason(choice.stop, choice.vendorStop),
    ...writeStopDetails(choice.stopDetails),
    ...writeEvidence(citationsIn(choice.parts, context)),
    ...(logprobsResult !== undefined && { logprobsResult }),
    index: choice.index,
  };
}

/** A text that only holds citations, which stand at the candidate here. */
function isEmptyCitation(part: Part): boolean {
  return part.kind === "text" && part.text === "" && part.providerState === undefined;
}

function citationsIn(parts: readonly Part[], context: ClientContext): Citations[] {
  return parts.flatMap((part) => {
    if (part.kind !== "text" || part.citations === undefined) return [];
    return ownCitations(part.citations, context);
  });
}

/** Citations of another dialect count other things than Gemini does and are left out. */
export function ownCitations(citations: Citations, context: ClientContext): Citations[] {
  if (citations.origin === GEMINI_GENERATE) return [citations];
  context.notice("dropped", "citations");
  return [];
}
