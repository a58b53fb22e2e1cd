import { describe, expect, test } from "bun:test";
import { totalInputTokens, totalTokens, usage } from "#core/usage.ts";
import { readUsage, writeUsage } from "./usage.ts";

describe("readUsage", () => {
  test("takes cached and written tokens out of the prompt", () => {
    const read = readUsage({
      prompt_tokens: 4020,
      completion_tokens: 5,
      total_tokens: 4025,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 4012 },
    });
    expect(read).toMatchObject({ inputTokens: 8, cacheWrite5mTokens: 4012, outputTokens: 5 });
  });

  test("leaves reasoning inside the completion where it is inside", () => {
    const read = readUsage({
      prompt_tokens: 10,
      completion_tokens: 30,
      total_tokens: 40,
      completion_tokens_details: { reasoning_tokens: 20 },
    });
    expect(read).toMatchObject({ outputTokens: 30, reasoningTokens: 20 });
  });

  test("adds reasoning that the total shows to be outside, as xAI has it", () => {
    const read = readUsage({
      prompt_tokens: 291,
      completion_tokens: 26,
      total_tokens: 506,
      completion_tokens_details: { reasoning_tokens: 189 },
    });
    expect(read).toMatchObject({ outputTokens: 215, reasoningTokens: 189 });
    expect(read && totalTokens(read)).toBe(506);
  });

  test("adds reasoning that exceeds the completion beside it, as Perplexity has it", () => {
    const read = readUsage({
      prompt_tokens: 33,
      completion_tokens: 7163,
      total_tokens: 7196,
      citation_tokens: 20_016,
      reasoning_tokens: 73_997,
    });
    expect(read).toMatchObject({ inputTokens: 33, outputTokens: 81_160, reasoningTokens: 73_997 });
  });

  test("finds reasoning that only the total tells of, as Gemini's imitation has it", () => {
    const read = readUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 });
    expect(read).toMatchObject({ inputTokens: 10, outputTokens: 30, reasoningTokens: 25 });
  });

  test.each([
    [{ prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }],
    [{ num_cached_tokens: 64 }],
    [{ cached_tokens: 64 }],
    [{ prompt_token_details: { cached_tokens: 64 } }],
  ])("knows the names that vendors give to cached tokens: %j", (counters) => {
    const read = readUsage({
      prompt_tokens: 100,
      completion_tokens: 1,
      total_tokens: 101,
      ...counters,
    });
    expect(read).toMatchObject({ inputTokens: 36, cacheReadTokens: 64 });
  });

  test("never counts below zero when cached tokens are outside the prompt", () => {
    const read = readUsage({
      prompt_tokens: 10,
      completion_tokens: 1,
      total_tokens: 111,
      prompt_tokens_details: { cached_tokens: 100 },
    });
    expect(read).toMatchObject({ inputTokens: 10, cacheReadTokens: 100, outputTokens: 1 });
  });

  test("takes null, nonsense and missing counters for no usage", () => {
    for (const value of [null, undefined, 5, "x", [], {}]) expect(readUsage(value)).toBeUndefined();
    for (const value of [-3, "7", 1e300, Number.POSITIVE_INFINITY]) {
      expect(readUsage({ prompt_tokens: value, completion_tokens: 7 })).toBeUndefined();
      expect(readUsage({ prompt_tokens: 7, completion_tokens: value })).toBeUndefined();
    }
    expect(readUsage({ prompt_tokens: 4, completion_tokens: null })?.inputTokens).toBe(4);
  });
});

describe("writeUsage", () => {
  test("counts all input as prompt and reads back what it wrote", () => {
    const used = usage({
      inputTokens: 8,
      cacheReadTokens: 40,
      cacheWrite5mTokens: 2,
      outputTokens: 30,
      reasoningTokens: 12,
      inputImageTokens: 3,
      serverToolRequests: { web_search: 2 },
    });
    expect(writeUsage(used)["prompt_tokens"]).toBe(totalInputTokens(used));
    expect(readUsage(writeUsage(used))).toEqual(used);
  });
});
