// Token counters: what was read of the prompt, of which some may have come from the cache, and what was
// written. A prompt that was not evaluated anew is not counted at all by older versions.

import type { JsonObject } from "#core/json.ts";
import { asCount, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";

/** Reads the counters of a reply; undefined when it does not tell both, so that an estimate says so. */
export function readUsage(body: JsonObject): Usage | undefined {
  if (!isCount(body["prompt_eval_count"]) || !isCount(body["eval_count"])) return undefined;
  const input = asCount(body["prompt_eval_count"]);
  const cached = asCount(body["prompt_eval_cached_count"]);
  return usage({
    // More than all of the input cannot be a share of it.
    inputTokens: cached > input ? input : input - cached,
    cacheReadTokens: cached,
    outputTokens: asCount(body["eval_count"]),
  });
}

/** Writes the counters. */
export function writeUsage(used: Usage): JsonObject {
  return {
    prompt_eval_count: totalInputTokens(used),
    ...(used.cacheReadTokens > 0 && { prompt_eval_cached_count: used.cacheReadTokens }),
    eval_count: used.outputTokens,
  };
}
