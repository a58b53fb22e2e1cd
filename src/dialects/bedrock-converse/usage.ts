// Bedrock's token counters to and from the disjoint ones. Input already excludes cache tokens; reasoning
// is inside of output and not told apart.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { atTier, totalTokens, usage } from "#core/usage.ts";

/** More kinds of tools than the vendor has are not kept. */
const MOST_TOOLS = 50;

/**
 * The counters of a `usage` object (vendor's SDK types, 2026-11; the names that end in `Count` are older).
 * @param tier at which the call was served; it stands beside the counters
 * @returns undefined when there is no such object, or when its main counters are none
 */
export function readUsage(value: Json | undefined, tier?: Json): Usage | undefined {
  const counters = asObject(value);
  if (counters === undefined) return undefined;
  const input = counters["inputTokens"] ?? 0;
  const output = counters["outputTokens"] ?? 0;
  if (!isCount(input) || !isCount(output)) return undefined;
  return usage({
    inputTokens: asCount(input),
    outputTokens: asCount(output),
    cacheReadTokens: asCount(
      counters["cacheReadInputTokens"] ?? counters["cacheReadInputTokenCount"],
    ),
    ...readCacheWrites(counters),
    serverToolRequests: readToolRequests(counters["serverToolUsage"]),
    ...atTier(tier),
  });
}

/** The split by lifetime may be missing: the total decides, and what is not told apart is short. */
function readCacheWrites(counters: JsonObject) {
  const told = counters["cacheWriteInputTokens"] ?? counters["cacheWriteInputTokenCount"];
  const details = asArray(counters["cacheDetails"]).map((entry) => asObject(entry) ?? {});
  const sum = (wanted: (ttl: Json | undefined) => boolean) =>
    details
      .filter(({ ttl }) => wanted(ttl))
      .reduce((total, { inputTokens }) => total + asCount(inputTokens), 0);
  const total = isCount(told) ? asCount(told) : sum(() => true);
  const cacheWrite1hTokens = Math.min(
    sum((ttl) => ttl === "1h"),
    total,
  );
  return { cacheWrite1hTokens, cacheWrite5mTokens: total - cacheWrite1hTokens };
}

function readToolRequests(value: Json | undefined): Record<string, number> {
  const counted = Object.entries(asObject(value) ?? {})
    .map(([name, count]) => [name, asCount(count)] as const)
    .filter(([, count]) => count > 0)
    .slice(0, MOST_TOOLS);
  return Object.fromEntries(counted);
}

/** The `usage` of a reply and of `metadata`. */
export function writeUsage(used: Usage | undefined): JsonObject {
  const known = used ?? usage({});
  const writes = known.cacheWrite5mTokens + known.cacheWrite1hTokens;
  const hasCache = writes + known.cacheReadTokens > 0;
  const tools = Object.entries(known.serverToolRequests);
  return {
    inputTokens: known.inputTokens,
    outputTokens: known.outputTokens,
    totalTokens: totalTokens(known),
    ...(hasCache && {
      cacheReadInputTokens: known.cacheReadTokens,
      cacheWriteInputTokens: writes,
    }),
    ...(known.cacheWrite1hTokens > 0 && { cacheDetails: writeDetails(known) }),
    ...(tools.length > 0 && { serverToolUsage: Object.fromEntries(tools) }),
  };
}

function writeDetails(used: Usage): Json[] {
  return [
    { ttl: "1h", inputTokens: used.cacheWrite1hTokens },
    { ttl: "5m", inputTokens: used.cacheWrite5mTokens },
  ];
}
