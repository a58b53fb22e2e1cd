// A whole chat reply as a neutral one. Upstreams are many and careless, so a wrong type counts as absent
// here.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, asString, isJsonObject } from "#core/json.ts";
import type { Citations, NeutralChoice, NeutralReply, Part } from "../neutral.ts";
import { amendLastText, assistantParts, callSeedOf, choiceIndex } from "./assistant-message.ts";
import { readSourceList } from "./citations.ts";
import { contentToParts } from "./content-to-parts.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** Reads a reply. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const id = asString(body["id"]) ?? "";
  const sources = readSourceList(body);
  const serviceTier = asString(body["service_tier"]);
  return {
    origin: OPENAI_CHAT,
    id,
    model: asString(body["model"]) ?? "",
    createdAt: asCount(body["created"]),
    choices: asArray(body["choices"]).flatMap((choice, position) =>
      isJsonObject(choice) ? [withSources(readChoice(choice, position, id), sources)] : [],
    ),
    usage: readUsage(body["usage"], body["service_tier"]),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}

/** A list of sources beside the answer belongs to its last text, unless that has annotations. */
function withSources(choice: NeutralChoice, sources: Citations | undefined): NeutralChoice {
  if (sources === undefined) return choice;
  const parts = amendLastText(choice.parts, (part) => {
    return part.citations === undefined ? { ...part, citations: sources } : part;
  });
  return { ...choice, parts };
}

function readChoice(choice: JsonObject, position: number, replyId: string): NeutralChoice {
  const index = choiceIndex(choice, position);
  const message = asObject(choice["message"]) ?? {};
  const content = readContent(message["content"]);
  const parts = assistantParts(message, content, callSeedOf(replyId, index));
  const stopSequence = asString(choice["stop_reason"]);
  const vendorStop = asString(choice["finish_reason"]) ?? "";
  const stopDetails = readStopDetails(choice);
  const stop = readStop(vendorStop, { ...shapeOf(parts), stopSequence });
  return {
    index,
    parts,
    stop,
    vendorStop,
    ...(stop === "stop_sequence" && stopSequence !== undefined && { stopSequence }),
    ...(stopDetails !== undefined && { stopDetails }),
    ...(isJsonObject(choice["logprobs"]) && { logprobs: choice["logprobs"] }),
  };
}

/** Text, or a list of chunks (Mistral); what cannot be understood is left out. */
export function readContent(content: Json | undefined): Part[] {
  if (!Array.isArray(content)) return contentToParts(asString(content), "content");
  return content.flatMap((chunk) => {
    try {
      return contentToParts([chunk], "content");
    } catch {
      return [];
    }
  });
}

/** Azure's filter results, or the details that we write ourselves. */
export function readStopDetails(choice: JsonObject): JsonObject | undefined {
  return asObject(choice["stop_details"]) ?? asObject(choice["content_filter_results"]);
}

/** What the answer contains, as far as it decides what its end means. */
export function shapeOf(parts: readonly Part[]): { hasToolCall: boolean; hasRefusal: boolean } {
  return {
    hasToolCall: parts.some((part) => part.kind === "tool-call" || isCustomCall(part)),
    hasRefusal: parts.some((part) => part.kind === "refusal"),
  };
}

function isCustomCall(part: Part): boolean {
  return part.kind === "vendor" && part.value["custom"] !== undefined;
}
