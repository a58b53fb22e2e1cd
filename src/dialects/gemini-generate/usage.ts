// Gemini's counters to disjoint ones and back.

import type { JsonObject } from "#core/json.ts";
import { asArray, asCount, isCount, isJsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { atTier, totalInputTokens, totalTokens, usage } from "#core/usage.ts";
import type { Fields } from "./fields.ts";

/**
 * Reads `usageMetadata` (ai.google.dev/api/generate-content#UsageMetadata, 2026-08): the prompt count
 * includes what came from the cache but not the prompts of Google's own tools; thoughts stand outside
 * the candidates' count.
 * @param webSearches queries of Google Search in the reply, which Google bills apart
 * @returns undefined when it holds no counters (Vertex sends such chunks), or some that are none
 */
export function readUsage(metadata: Fields | undefined, webSearches: number): Usage | undefined {
  if (metadata === undefined || !COUNTERS.some((name) => metadata.has(name))) return undefined;
  if (!COUNTERS.every((name) => isCount(metadata.value(name) ?? 0))) return undefined;
  const prompt = asCount(metadata.value("promptTokenCount"));
  const cached = Math.min(asCount(metadata.value("cachedContentTokenCount")), prompt);
  const input = prompt - cached + asCount(metadata.value("toolUsePromptTokenCount"));
  const reasoning = asCount(metadata.value("thoughtsTokenCount"));
  const output = asCount(metadata.value("candidatesTokenCount")) + reasoning;
  const inputShare = (modality: string): number => {
    const counted =
      modalityCount(metadata, "promptTokensDetails", modality) +
      modalityCount(metadata, "toolUsePromptTokensDetails", modality) -
      modalityCount(metadata, "cacheTokensDetails", modality);
    return Math.max(0, Math.min(counted, input));
  };
  const cachedShare = (modality: string): number =>
    Math.min(modalityCount(metadata, "cacheTokensDetails", modality), cached);
  const outputShare = (modality: string): number =>
    Math.min(modalityCount(metadata, "candidatesTokensDetails", modality), output);
  return usage({
    inputTokens: input,
    cacheReadTokens: cached,
    cacheReadAudioTokens: cachedShare("AUDIO"),
    cacheReadImageTokens: cachedShare("IMAGE"),
    outputTokens: output,
    reasoningTokens: reasoning,
    inputAudioTokens: inputShare("AUDIO"),
    inputImageTokens: inputShare("IMAGE"),
    outputAudioTokens: outputShare("AUDIO"),
    outputImageTokens: outputShare("IMAGE"),
    ...(webSearches > 0 && { serverToolRequests: { web_search: webSearches } }),
    ...atTier(metadata.value("trafficType"), metadata.value("serviceTier")),
  });
}

const COUNTERS = [
  "promptTokenCount",
  "candidatesTokenCount",
  "thoughtsTokenCount",
  "totalTokenCount",
  "toolUsePromptTokenCount",
];

function modalityCount(metadata: Fields, field: string, modality: string): number {
  let count = 0;
  for (const detail of asArray(metadata.value(field))) {
    if (isJsonObject(detail) && detail["modality"] === modality) {
      count += asCount(detail["tokenCount"] ?? detail["token_count"]);
    }
  }
  return count;
}

/** Queries of Google Search that a candidate reports. */
export function webSearches(candidate: JsonObject): number {
  const grounding = candidate["groundingMetadata"];
  const queries = isJsonObject(grounding) ? grounding["webSearchQueries"] : undefined;
  return Array.isArray(queries) ? queries.length : 0;
}

/** True when two readings of one stream tell the same. */
export function isSameUsage(one: Usage, other: Usage): boolean {
  return (
    one.inputTokens === other.inputTokens &&
    one.cacheReadTokens === other.cacheReadTokens &&
    one.cacheReadAudioTokens === other.cacheReadAudioTokens &&
    one.cacheReadImageTokens === other.cacheReadImageTokens &&
    one.outputTokens === other.outputTokens &&
    one.reasoningTokens === other.reasoningTokens &&
    one.inputAudioTokens === other.inputAudioTokens &&
    one.inputImageTokens === other.inputImageTokens &&
    one.outputAudioTokens === other.outputAudioTokens &&
    one.outputImageTokens === other.outputImageTokens &&
    one.serverToolRequests["web_search"] === other.serverToolRequests["web_search"] &&
    one.isAtOtherTier === other.isAtOtherTier
  );
}

/** Writes `usageMetadata`. Cache writes are input to Gemini, which has no word for them. */
export function writeUsage(used: Usage): JsonObject {
  const prompt = totalInputTokens(used);
  const candidates = used.outputTokens - used.reasoningTokens;
  const inputDetails = details(prompt, used.inputAudioTokens, used.inputImageTokens);
  const outputDetails = details(candidates, used.outputAudioTokens, used.outputImageTokens);
  return {
    promptTokenCount: prompt,
    ...(used.cacheReadTokens > 0 && { cachedContentTokenCount: used.cacheReadTokens }),
    candidatesTokenCount: candidates,
    ...(used.reasoningTokens > 0 && { thoughtsTokenCount: used.reasoningTokens }),
    totalTokenCount: totalTokens(used),
    ...(inputDetails && { promptTokensDetails: inputDetails }),
    ...(outputDetails && { candidatesTokensDetails: outputDetails }),
  };
}

function details(total: number, audio: number, image: number): JsonObject[] | undefined {
  if (audio === 0 && image === 0) return undefined;
  const counts: readonly (readonly [string, number])[] = [
    ["TEXT", Math.max(0, total - audio - image)],
    ["AUDIO", audio],
    ["IMAGE", image],
  ];
  return counts
    .filter(([, tokenCount]) => tokenCount > 0)
    .map(([modality, tokenCount]) => ({ modality, tokenCount }));
}
