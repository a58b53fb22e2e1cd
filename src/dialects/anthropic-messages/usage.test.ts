import { describe, expect, test } from "bun:test";
import { totalTokens, usage } from "#core/usage.ts";
import { readUsage, UsageTally, writeDeltaUsage, writeUsage } from "./usage.ts";

test("input excludes what was read from and written to caches", () => {
  const used = readUsage({
    input_tokens: 3,
    cache_creation_input_tokens: 12_304,
    cache_read_input_tokens: 77,
    cache_creation: { ephemeral_5m_input_tokens: 12_000, ephemeral_1h_input_tokens: 304 },
    output_tokens: 550,
    output_tokens_details: { thinking_tokens: 500 },
    server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
  });
  expect(used).toEqual(
    usage({
      inputTokens: 3,
      cacheReadTokens: 77,
      cacheWrite5mTokens: 12_000,
      cacheWrite1hTokens: 304,
      outputTokens: 550,
      reasoningTokens: 500,
      serverToolRequests: { web_search: 2 },
    }),
  );
});

describe("cache writes", () => {
  test.each([
    ["without a split", { cache_creation_input_tokens: 10 }, 10, 0],
    ["by the split alone", { cache_creation: { ephemeral_1h_input_tokens: 4 } }, 0, 4],
    [
      "with a total that was corrected since",
      { cache_creation_input_tokens: 3, cache_creation: { ephemeral_1h_input_tokens: 4 } },
      0,
      3,
    ],
    [
      "with more than the split tells",
      { cache_creation_input_tokens: 9, cache_creation: { ephemeral_1h_input_tokens: 4 } },
      5,
      4,
    ],
  ])("%s", (_name, counters, minutes, hour) => {
    expect(readUsage(counters)).toMatchObject({
      cacheWrite5mTokens: minutes,
      cacheWrite1hTokens: hour,
    });
  });
});

test("compaction is billed beside the totals, advisers apart, fallbacks within", () => {
  const used = readUsage({
    input_tokens: 100,
    output_tokens: 10,
    iterations: [
      { type: "compaction", input_tokens: 1000, output_tokens: 50 },
      { type: "message", input_tokens: 60, output_tokens: 6 },
      { type: "advisor_message", model: "claude-opus-4-8", input_tokens: 5000, output_tokens: 90 },
      { type: "fallback_message", input_tokens: 40, output_tokens: 4 },
    ],
  });
  expect(used).toMatchObject({
    inputTokens: 1100,
    outputTokens: 60,
    serverToolRequests: { advisor: 1 },
  });
});

test("each report of a stream is cumulative and replaces what it names", () => {
  const tally = new UsageTally();
  expect(
    tally.take({ input_tokens: 43, cache_read_input_tokens: 5, output_tokens: 1 }),
  ).toMatchObject({
    inputTokens: 43,
    outputTokens: 1,
  });
  const last = tally.take({ input_tokens: 61, cache_read_input_tokens: null, output_tokens: 20 });
  expect(last).toMatchObject({ inputTokens: 61, cacheReadTokens: 5, outputTokens: 20 });
  expect(tally.take(undefined)).toBeUndefined();
});

test("a tier, a speed or a place with prices of its own is marked", () => {
  const counters = { input_tokens: 1, output_tokens: 1 };
  const usual = { service_tier: "standard", speed: "standard", inference_geo: "global" };
  expect(readUsage({ ...counters, ...usual })).not.toHaveProperty("isAtOtherTier");
  for (const other of [{ service_tier: "batch" }, { speed: "fast" }, { inference_geo: "us" }]) {
    expect(readUsage({ ...counters, ...usual, ...other })?.isAtOtherTier).toBe(true);
  }
});

test("main counters that are none make no usage, strange others count as nothing", () => {
  for (const value of [-4, "7", 1e300]) {
    expect(readUsage({ input_tokens: value, output_tokens: 7 })).toBeUndefined();
    expect(readUsage({ input_tokens: 7, output_tokens: value })).toBeUndefined();
  }
  const used = readUsage({ input_tokens: 1, cache_read_input_tokens: 1.9, cache_creation: -1 });
  expect(used).toEqual(usage({ inputTokens: 1, cacheReadTokens: 1 }));
  expect(readUsage("usage")).toBeUndefined();
});

test("what is written is read back the same", () => {
  const used = usage({
    inputTokens: 1,
    cacheReadTokens: 2,
    cacheWrite5mTokens: 3,
    cacheWrite1hTokens: 4,
    outputTokens: 9,
    reasoningTokens: 5,
    serverToolRequests: { web_search: 6 },
  });
  expect(readUsage(writeUsage(used))).toEqual(used);
  expect(readUsage(writeDeltaUsage(used))).toEqual(used);
  expect(totalTokens(readUsage(writeUsage(undefined)) ?? used)).toBe(0);
});
