// Counters.

import { expect, test } from "bun:test";
import { totalTokens, usage } from "#core/usage.ts";
import { replyFields } from "./fields.ts";
import { readUsage, writeUsage } from "./usage.ts";

test("makes disjoint counters whose sum is Google's total", () => {
  const used = readUsage(
    replyFields({
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 25,
      candidatesTokenCount: 10,
      thoughtsTokenCount: 30,
      totalTokenCount: 165,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 20 },
        { modality: "AUDIO", tokenCount: 50 },
        { modality: "IMAGE", tokenCount: 30 },
      ],
      cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 40 }],
      candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 9 }],
    }),
    2,
  );
  expect(used).toEqual(
    usage({
      inputTokens: 65,
      cacheReadTokens: 60,
      cacheReadAudioTokens: 40,
      outputTokens: 40,
      reasoningTokens: 30,
      inputAudioTokens: 10,
      inputImageTokens: 30,
      outputImageTokens: 9,
      serverToolRequests: { web_search: 2 },
    }),
  );
  expect(used && totalTokens(used)).toBe(165);
});

test("knows nothing where nothing was counted", () => {
  expect(readUsage(undefined, 0)).toBeUndefined();
  expect(readUsage(replyFields({ trafficType: "ON_DEMAND" }), 0)).toBeUndefined();
});

test("never lets hostile counters go below nothing", () => {
  const used = readUsage(
    replyFields({ promptTokenCount: 5, cachedContentTokenCount: 9, candidatesTokenCount: 0 }),
    0,
  );
  expect(used).toEqual(usage({ cacheReadTokens: 5 }));
  for (const value of [-3, "7", 1e300]) {
    const counters = { promptTokenCount: 5, candidatesTokenCount: value };
    expect(readUsage(replyFields(counters), 0)).toBeUndefined();
  }
});

test("writes cache writes as input, which is what Gemini knows", () => {
  const used = usage({
    inputTokens: 1,
    cacheWrite5mTokens: 2,
    cacheReadTokens: 4,
    outputTokens: 8,
  });
  expect(writeUsage(used)).toEqual({
    promptTokenCount: 7,
    cachedContentTokenCount: 4,
    candidatesTokenCount: 8,
    totalTokenCount: 15,
  });
});
