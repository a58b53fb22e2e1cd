// Token counters as OpenAI and its imitators report them, and as OpenAI writes them. Nearly all count
// cached tokens inside the prompt and reasoning inside the completion, as OpenAI does; xAI leaves
// reasoning out and Gemini's imitation even hides it, which the total gives away.

import type { Json, JsonObject } from "#core/json.ts";
import { asCount, asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { atTier, totalInputTokens, totalTokens, usage } from "#core/usage.ts";

/**
 * Reads a `usage` object; undefined when there is none, or when its main counters are none.
 * @param tier at which the call was served; it stands beside the counters
 */
export function readUsage(value: Json | undefined, tier?: Json): Usage | undefined {
  const counters = asObject(value);
  if (counters === undefined || !isCount(counters["prompt_tokens"])) return undefined;
  // A text, a negative or an endless number told as output would otherwise count as nothing.
  if (!isCount(counters["completion_tokens"] ?? 0)) return undefined;
  const prompt = asCount(counters["prompt_tokens"]);
  const completion = asCount(counters["completion_tokens"]);
  const promptDetails =
    asObject(counters["prompt_tokens_details"]) ?? asObject(counters["prompt_token_details"]);
  const completionDetails = asObject(counters["completion_tokens_details"]);
  const cacheRead = cachedTokens(counters, promptDetails);
  const cacheWrite = asCount(promptDetails?.["cache_write_tokens"]);
  // Perplexity has it beside the other counters.
  const told = asCount(completionDetails?.["reasoning_tokens"] ?? counters["reasoning_tokens"]);
  const surplus = Math.max(0, asCount(counters["total_tokens"]) - prompt - completion);
  const cached = cacheRead + cacheWrite;
  const isCacheOutside = cached > prompt || (cached > 0 && surplus === cached && told === 0);
  const outside = isCacheOutside ? Math.max(0, surplus - cached) : surplus;
  const reasoning = Math.max(told, outside);
  // Reasoning that exceeds the completion cannot be a share of it.
  const isReasoningOutside = outside > 0 ? outside >= told : told > completion;
  return usage({
    inputTokens: isCacheOutside ? prompt : prompt - cached,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    outputTokens: isReasoningOutside ? completion + reasoning : completion,
    reasoningTokens: reasoning,
    inputAudioTokens: asCount(promptDetails?.["audio_tokens"]),
    inputImageTokens: asCount(promptDetails?.["image_tokens"]),
    outputAudioTokens: asCount(completionDetails?.["audio_tokens"]),
    outputImageTokens: asCount(completionDetails?.["image_tokens"]),
    ...serverTools(counters),
    ...atTier(tier),
  });
}

/** OpenAI's own name first, then DeepSeek's, Mistral's and the flat one. */
function cachedTokens(counters: JsonObject, details: JsonObject | undefined): number {
  const value =
    details?.["cached_tokens"] ??
    counters["prompt_cache_hit_tokens"] ??
    counters["num_cached_tokens"] ??
    counters["cached_tokens"];
  return asCount(value);
}

/** OpenRouter's count of searches that it bills apart. */
function serverTools(counters: JsonObject): Partial<Usage> {
  const details =
    asObject(counters["server_tool_use_details"]) ?? asObject(counters["server_tool_use"]);
  const searches = asCount(details?.["web_search_requests"]);
  return searches === 0 ? {} : { serverToolRequests: { web_search: searches } };
}

/** Writes a `usage` object with OpenAI's meaning: cached inside prompt, reasoning inside completion. */
export function writeUsage(used: Usage): JsonObject {
  const cacheWrites = used.cacheWrite5mTokens + used.cacheWrite1hTokens;
  return {
    prompt_tokens: totalInputTokens(used),
    completion_tokens: used.outputTokens,
    total_tokens: totalTokens(used),
    prompt_tokens_details: {
      cached_tokens: used.cacheReadTokens,
      audio_tokens: used.inputAudioTokens,
      ...(cacheWrites > 0 && { cache_write_tokens: cacheWrites }),
      ...(used.inputImageTokens > 0 && { image_tokens: used.inputImageTokens }),
    },
    completion_tokens_details: {
      reasoning_tokens: used.reasoningTokens,
      audio_tokens: used.outputAudioTokens,
      ...(used.outputImageTokens > 0 && { image_tokens: used.outputImageTokens }),
    },
    ...writeServerTools(used),
  };
}

function writeServerTools(used: Usage): JsonObject {
  const searches = used.serverToolRequests["web_search"] ?? 0;
  return searches === 0 ? {} : { server_tool_use_details: { web_search_requests: searches } };
}
