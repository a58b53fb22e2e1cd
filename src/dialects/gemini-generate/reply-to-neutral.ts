// A whole GenerateContentResponse to the neutral form. Replies are read leniently: what an upstream
// sends beyond the documentation must not turn an answer into an error.

import type { JsonObject } from "#core/json.ts";
import type { NeutralChoice, NeutralReply, Part } from "../neutral.ts";
import { readStopDetails, replyIds } from "./candidate.ts";
import { citeTexts, readEvidence } from "./citations.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import { replyFields } from "./fields.ts";
import { readLogprobs } from "./logprobs.ts";
import { readPart } from "./parts-to-neutral.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage, webSearches } from "./usage.ts";

/** Reads a reply. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const fields = replyFields(body);
  const head = readHead(fields);
  const candidates = fields.objects("candidates");
  const searches = candidates.map((candidate) => webSearches(candidate.json));
  const blocked = blockedPrompt(fields, candidates.length);
  const metadata = fields.object("usageMetadata");
  const serviceTier = readServiceTier(metadata);
  const read = candidates.map((candidate, position) => readChoice(candidate, position, head.id));
  const choices = read.length > 0 || blocked !== undefined ? read : [EMPTY_CHOICE];
  return {
    origin: GEMINI_GENERATE,
    ...head,
    choices,
    ...(blocked !== undefined && { blocked }),
    usage: readUsage(metadata, Math.max(0, ...searches)),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}

/** Id, model and time of a reply or a chunk. */
export function readHead(fields: Fields): { id: string; model: string; createdAt: number } {
  const createdAtMs = Date.parse(fields.string("createTime") ?? "");
  return {
    id: fields.string("responseId") ?? "",
    model: fields.string("modelVersion") ?? "",
    createdAt: Number.isFinite(createdAtMs) ? Math.floor(createdAtMs / 1000) : 0,
  };
}

/** Google's own word for why the prompt was blocked; undefined when it was not. */
export function blockedPrompt(fields: Fields, candidateCount: number): JsonObject | undefined {
  const feedback = fields.object("promptFeedback");
  return candidateCount === 0 && feedback?.has("blockReason") ? feedback.json : undefined;
}

/** The index of a candidate; Google leaves 0 out. */
export function candidateIndex(candidate: Fields, position: number): number {
  const index = candidate.integer("index");
  return index === undefined || index < 0 ? position : index;
}

/** Neither an answer nor a reason: still one choice, so that no dialect writes a reply without. */
const EMPTY_CHOICE: NeutralChoice = { index: 0, parts: [], stop: "unknown", vendorStop: "" };

function readChoice(candidate: Fields, position: number, responseId: string): NeutralChoice {
  const index = candidateIndex(candidate, position);
  const ids = replyIds(responseId, index);
  const content = candidate.object("content");
  const parts = (content?.objects("parts") ?? []).map((part) => readPart(part, ids).part);
  const kept = citeTexts(parts, readEvidence(candidate)).filter((part) => !isNothing(part));
  const vendorStop = candidate.string("finishReason") ?? "";
  const stop = readStop(
    vendorStop,
    kept.some((part) => part.kind === "tool-call"),
  );
  const stopDetails = readStopDetails(candidate, stop);
  const logprobs = readLogprobs(candidate.object("logprobsResult"));
  return {
    index,
    parts: kept,
    stop,
    vendorStop,
    ...(stopDetails !== undefined && { stopDetails }),
    ...(logprobs !== undefined && { logprobs }),
  };
}

function isNothing(part: Part): boolean {
  if (part.kind !== "text" || part.text !== "") return false;
  return part.providerState === undefined && part.citations === undefined;
}

function readServiceTier(metadata: Fields | undefined): string | undefined {
  const tier = metadata?.string("serviceTier")?.toLowerCase();
  return tier === "standard" ? "default" : tier;
}
