// Anthropic's token counters to and from the disjoint ones. Here input already excludes cache tokens.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { addUsage, atTier, usage } from "#core/usage.ts";

const MAIN_COUNTERS = ["input_tokens", "output_tokens"] as const;
/** More kinds of tools than the vendor has are not kept. */
const MOST_TOOLS = 50;

/**
 * The counters of a `usage` object (vendor's SDK types, 2026-11). Compaction runs are billed beside
 * the totals and are added; an adviser is another model with another price, so its runs are listed as
 * requests of a tool that the vendor ran.
 * @returns undefined when there is no such object, or when its main counters are none
 */
export function readUsage(value: Json | undefined): Usage | undefined {
  const counters = asObject(value);
  if (counters === undefined || !MAIN_COUNTERS.every((name) => isCount(counters[name] ?? 0))) {
    return undefined;
  }
  let total = readCounters(counters);
  let advisers = 0;
  for (const entry of asArray(counters["iterations"])) {
    const iteration = asObject(entry);
    if (iteration?.["type"] === "compaction") total = addUsage(total, readCounters(iteration));
    if (iteration?.["type"] === "advisor_message") advisers += 1;
  }
  if (advisers > 0) total = addUsage(total, usage({ serverToolRequests: { advisor: advisers } }));
  return total;
}

function readCounters(counters: JsonObject): Usage {
  const outputTokens = asCount(counters["output_tokens"]);
  const thinking = asCount(asObject(counters["output_tokens_details"])?.["thinking_tokens"]);
  return usage({
    inputTokens: asCount(counters["input_tokens"]),
    cacheReadTokens: asCount(counters["cache_read_input_tokens"]),
    ...readCacheWrites(counters),
    outputTokens,
    reasoningTokens: Math.min(thinking, outputTokens),
    serverToolRequests: readToolRequests(counters["server_tool_use"]),
    ...atTier(counters["service_tier"], counters["speed"], dearerPlace(counters)),
  });
}

/** Of the places that a caller can ask for, one has prices of its own. */
function dearerPlace({ inference_geo: place }: JsonObject): Json | undefined {
  return place === "us" ? place : undefined;
}

/** The split by lifetime may be missing or, after a correction, out of date: the total decides. */
function readCacheWrites(counters: JsonObject) {
  const split = asObject(counters["cache_creation"]);
  const hour = asCount(split?.["ephemeral_1h_input_tokens"]);
  const minutes = asCount(split?.["ephemeral_5m_input_tokens"]);
  const told = counters["cache_creation_input_tokens"];
  const total = typeof told === "number" ? asCount(told) : hour + minutes;
  const cacheWrite1hTokens = Math.min(hour, total);
  return { cacheWrite1hTokens, cacheWrite5mTokens: total - cacheWrite1hTokens };
}

function readToolRequests(value: Json | undefined): Record<string, number> {
  const counted = Object.entries(asObject(value) ?? {})
    .map(([name, count]) => [name.replace(/_requests$/, ""), asCount(count)] as const)
    .filter(([, count]) => count > 0)
    .slice(0, MOST_TOOLS);
  return Object.fromEntries(counted);
}

/** Follows the usage of a stream: each report is cumulative and replaces what it names. */
export class UsageTally {
  #known: JsonObject = {};

  /** @returns the counters as they stand after this report; undefined when it is no report */
  take(report: Json | undefined): Usage | undefined {
    const told = asObject(report);
    if (told === undefined) return undefined;
    const named = Object.entries(told).filter(([, value]) => value !== null);
    this.#known = { ...this.#known, ...Object.fromEntries(named) };
    return readUsage(this.#known);
  }
}

/** The `usage` of a whole reply and of `message_start`. Zeros when nothing is known yet. */
export function writeUsage(used: Usage | undefined): JsonObject {
  const known = used ?? usage({});
  return { ...writeDeltaUsage(known), cache_creation: writeSplit(known) };
}

/** The cumulative `usage` of `message_delta`. The split by lifetime goes along where it says something. */
export function writeDeltaUsage(used: Usage): JsonObject {
  const writes = used.cacheWrite5mTokens + used.cacheWrite1hTokens;
  const tools = Object.entries(used.serverToolRequests);
  return {
    input_tokens: used.inputTokens,
    cache_creation_input_tokens: writes,
    cache_read_input_tokens: used.cacheReadTokens,
    output_tokens: used.outputTokens,
    ...(used.cacheWrite1hTokens > 0 && { cache_creation: writeSplit(used) }),
    ...(used.reasoningTokens > 0 && {
      output_tokens_details: { thinking_tokens: used.reasoningTokens },
    }),
    ...(tools.length > 0 && {
      server_tool_use: Object.fromEntries(
        tools.map(([name, count]) => [`${name}_requests`, count]),
      ),
    }),
  };
}

function writeSplit(used: Usage): JsonObject {
  return {
    ephemeral_5m_input_tokens: used.cacheWrite5mTokens,
    ephemeral_1h_input_tokens: used.cacheWrite1hTokens,
  };
}
