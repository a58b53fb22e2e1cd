// Usage: disjoint counters and their sums.

import { describe, expect, test } from "bun:test";
import { addUsage, atTier, NO_USAGE, totalInputTokens, totalTokens, usage } from "./usage.ts";

describe("usage", () => {
  test("is nothing and reported by the provider when nothing is given", () => {
    expect(totalTokens(usage({}))).toBe(0);
    expect(usage({}).source).toBe("provider");
    expect(usage({}).serverToolRequests).toEqual({});
  });

  test("adds up disjoint classes and no shares", () => {
    const used = usage({
      inputTokens: 1,
      cacheReadTokens: 10,
      cacheWrite5mTokens: 100,
      cacheWrite1hTokens: 1000,
      outputTokens: 10_000,
      reasoningTokens: 9000,
      inputAudioTokens: 1,
      outputImageTokens: 500,
    });
    expect(totalInputTokens(used)).toBe(1111);
    expect(totalTokens(used)).toBe(11_111);
  });
});

describe("the tier at which a call was served", () => {
  const LISTED = [
    "default",
    "standard",
    "STANDARD",
    "auto",
    "on_demand",
    "ON_DEMAND",
    "unspecified",
  ];
  test("says nothing where the list's prices are about it, or none was told", () => {
    for (const tier of [...LISTED, "", undefined, null, 7]) expect(atTier(tier)).toEqual({});
  });

  test("marks the counters where its prices are others, also in a sum", () => {
    for (const tier of ["priority", "flex", "batch", "fast", "ON_DEMAND_PRIORITY"]) {
      expect(atTier("standard", tier)).toEqual({ isAtOtherTier: true });
    }
    const marked = usage({ inputTokens: 1, ...atTier("flex") });
    expect(addUsage(NO_USAGE, marked).isAtOtherTier).toBe(true);
    expect(addUsage(NO_USAGE, NO_USAGE)).not.toHaveProperty("isAtOtherTier");
  });
});

describe("the sum of two usages", () => {
  const left = usage({
    inputTokens: 1,
    cacheReadTokens: 2,
    cacheWrite5mTokens: 3,
    cacheWrite1hTokens: 4,
    outputTokens: 5,
    reasoningTokens: 5,
    inputAudioTokens: 1,
    inputImageTokens: 0,
    outputAudioTokens: 2,
    outputImageTokens: 3,
    serverToolRequests: { web_search: 1, file_search: 1 },
  });

  test("has the sum of every counter", () => {
    expect(addUsage(left, left)).toEqual({
      inputTokens: 2,
      cacheReadTokens: 4,
      cacheWrite5mTokens: 6,
      cacheWrite1hTokens: 8,
      outputTokens: 10,
      reasoningTokens: 10,
      inputAudioTokens: 2,
      inputImageTokens: 0,
      outputAudioTokens: 4,
      outputImageTokens: 6,
      serverToolRequests: { web_search: 2, file_search: 2 },
      source: "provider",
    });
  });

  test("keeps a usage as it is when nothing is added, and changes neither side", () => {
    const before = structuredClone(left);
    expect(addUsage(left, NO_USAGE)).toEqual(left);
    addUsage(left, usage({ serverToolRequests: { web_search: 5 } }));
    expect(left).toEqual(before);
  });

  test("counts tools that only one side called", () => {
    const other = usage({ serverToolRequests: { code_execution: 4 } });
    expect(addUsage(left, other).serverToolRequests).toEqual({
      web_search: 1,
      file_search: 1,
      code_execution: 4,
    });
  });

  test("is estimated as soon as one part of it is", () => {
    const guessed = usage({ outputTokens: 1, source: "estimated" });
    expect(addUsage(left, guessed).source).toBe("estimated");
    expect(addUsage(guessed, left).source).toBe("estimated");
  });
});
