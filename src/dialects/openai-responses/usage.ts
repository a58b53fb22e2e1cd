// Token counters of this API: cached tokens are a share of the input, reasoning is one of the output.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { atTier, totalInputTokens, totalTokens, usage } from "#core/usage.ts";

/** Items of tools that the vendor runs and bills by the call, and what the counter is called. */
const BILLED_ITEMS: ReadonlyMap<Json | undefined, string> = new Map([
  ["web_search_call", "web_search"],
  ["file_search_call", "file_search"],
]);

/**
 * The counters of a response.
 * @returns undefined when it has no `usage`, or when its main counters are none
 */
export function readUsage(response: JsonObject): Usage | undefined {
  const counters = asObject(response["usage"]);
  if (counters === undefined || !isCount(counters["input_tokens"])) return undefined;
  if (!isCount(counters["output_tokens"] ?? 0)) return undefined;
  const input = asCount(counters["input_tokens"]);
  const output = asCount(counters["output_tokens"]);
  const inputDetails = asObject(counters["input_tokens_details"]);
  const outputDetails = asObject(counters["output_tokens_details"]);
  const cacheRead = asCount(inputDetails?.["cached_tokens"]);
  const cacheWrite = asCount(inputDetails?.["cache_write_tokens"]);
  const cached = cacheRead + cacheWrite;
  const reasoning = asCount(outputDetails?.["reasoning_tokens"]);
  // What exceeds a counter cannot be a share of it.
  const isCacheOutside = cached > input;
  const isReasoningOutside = reasoning > output;
  return usage({
    inputTokens: isCacheOutside ? input : input - cached,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    outputTokens: isReasoningOutside ? output + reasoning : output,
    reasoningTokens: reasoning,
    inputAudioTokens: asCount(inputDetails?.["audio_tokens"]),
    inputImageTokens: asCount(inputDetails?.["image_tokens"]),
    outputAudioTokens: asCount(outputDetails?.["audio_tokens"]),
    outputImageTokens: asCount(outputDetails?.["image_tokens"]),
    serverToolRequests: readToolRequests(response),
    ...atTier(response["service_tier"]),
  });
}

/** The vendor's own count where it tells one, else the items. */
function readToolRequests(response: JsonObject): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of asArray(response["output"])) {
    const name = BILLED_ITEMS.get(asObject(item)?.["type"]);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  const told = asObject(asObject(response["tool_usage"])?.["web_search"])?.["num_requests"];
  if (isCount(told) && told > 0) counts["web_search"] = asCount(told);
  return counts;
}

/** Writes `usage` with this API's meaning. */
export function writeUsage(used: Usage): JsonObject {
  const cacheWrites = used.cacheWrite5mTokens + used.cacheWrite1hTokens;
  return {
    input_tokens: totalInputTokens(used),
    input_tokens_details: {
      cached_tokens: used.cacheReadTokens,
      ...(cacheWrites > 0 && { cache_write_tokens: cacheWrites }),
      ...(used.inputAudioTokens > 0 && { audio_tokens: used.inputAudioTokens }),
      ...(used.inputImageTokens > 0 && { image_tokens: used.inputImageTokens }),
    },
    output_tokens: used.outputTokens,
    output_tokens_details: {
      reasoning_tokens: used.reasoningTokens,
      ...(used.outputAudioTokens > 0 && { audio_tokens: used.outputAudioTokens }),
      ...(used.outputImageTokens > 0 && { image_tokens: used.outputImageTokens }),
    },
    total_tokens: totalTokens(used),
  };
}

/** Writes `tool_usage`, where calls of the vendor's tools were counted. */
export function writeToolUsage(used: Usage): JsonObject {
  const searches = used.serverToolRequests["web_search"] ?? 0;
  return searches === 0 ? {} : { tool_usage: { web_search: { num_requests: searches } } };
}
