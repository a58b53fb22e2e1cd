// Token counters: what the model read and wrote (`tokens`), of which some came from the cache. What is
// billed (`billed_units`) leaves out Cohere's own template, and is read only where nothing else is told.

import type { Json, JsonObject } from "#core/json.ts";
import { asCount, asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens, usage } from "#core/usage.ts";

/** Reads a `usage` object; undefined when it tells no counters. */
export function readUsage(value: Json | undefined): Usage | undefined {
  const told = asObject(value);
  const counters = [asObject(told?.["tokens"]), asObject(told?.["billed_units"])].find(
    (candidate) => isCount(candidate?.["input_tokens"]) && isCount(candidate["output_tokens"] ?? 0),
  );
  if (counters === undefined) return undefined;
  const input = asCount(counters["input_tokens"]);
  const cached = asCount(told?.["cached_tokens"]);
  const searches = asCount(asObject(told?.["billed_units"])?.["search_units"]);
  return usage({
    // More than all of the input cannot be a share of it.
    inputTokens: cached > input ? input : input - cached,
    cacheReadTokens: cached,
    outputTokens: asCount(counters["output_tokens"]),
    ...(searches > 0 && { serverToolRequests: { search: searches } }),
  });
}

/** Writes a `usage` object. */
export function writeUsage(used: Usage): JsonObject {
  const searches = used.serverToolRequests["search"] ?? 0;
  const counters = { input_tokens: totalInputTokens(used), output_tokens: used.outputTokens };
  return {
    billed_units: { ...counters, ...(searches > 0 && { search_units: searches }) },
    tokens: counters,
    ...(used.cacheReadTokens > 0 && { cached_tokens: used.cacheReadTokens }),
  };
}
