// A neutral reply as a GenerateContentResponse.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralChoice, NeutralReply, Part } from "../neutral.ts";
import { writeStopDetails } from "./candidate.ts";
import { EvidenceWriter } from "./citations.ts";
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
  const evidence = new EvidenceWriter(context);
  const parts: JsonObject[] = [];
  for (const part of choice.parts) {
    const written = isEmptyCitation(part) ? undefined : writer.write(part);
    if (part.kind === "text" && part.citations !== undefined) {
      evidence.add(part.citations, part.text, { partIndex: parts.length, bytesBefore: 0 });
    }
    if (written !== undefined) parts.push(written);
  }
  const logprobsResult = writeLogprobs(choice.logprobs);
  return {
    content: { ...(parts.length > 0 && { parts }), role: "model" },
    finishReason: writer.finishReason(choice.stop, choice.vendorStop),
    ...writeStopDetails(choice.stopDetails),
    ...evidence.members(),
    ...(logprobsResult !== undefined && { logprobsResult }),
    index: choice.index,
  };
}

/** A text that only holds citations, which stand at the candidate here. */
function isEmptyCitation(part: Part): boolean {
  return part.kind === "text" && part.text === "" && part.providerState === undefined;
}
