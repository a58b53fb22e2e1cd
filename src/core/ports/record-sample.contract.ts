// A record to begin with, for suites about records.

import type { ExchangeRecord } from "../record.ts";
import { usage } from "../usage.ts";

/** 2026-01-01T00:00:00Z. */
export const SAMPLE_START_MS = 1_767_225_600_000;

/** The id of the n-th sample: 26 characters, in ascending order. */
export function sampleId(number: number): string {
  return number.toString().padStart(26, "0");
}

/** An answered call of tenant `acme` for `assistant`, served by openai; parts may be replaced. */
export function sampleRecord(number: number, parts: Partial<ExchangeRecord> = {}): ExchangeRecord {
  const used = usage({ inputTokens: 10, outputTokens: 5, reasoningTokens: 2 });
  const target = { provider: "openai", model: "gpt-5-mini", key: "default", region: "" };
  return {
    id: sampleId(number),
    startedAt: SAMPLE_START_MS + number,
    durationMs: 812.5,
    upstreamMs: 800.25,
    firstTokenMs: 120,
    caller: {
      tenant: "acme",
      project: "chatbot",
      keyId: "k1",
      keyName: "acme-chatbot",
      plan: "standard",
      tags: ["web"],
      user: "u1",
    },
    outcome: "answered",
    status: 200,
    code: "",
    facts: {
      operation: "generate",
      dialect: "openai-chat",
      model: "assistant",
      stream: true,
      wantsUsage: false,
      textLength: 40,
      maxOutputTokens: 0,
      choices: 1,
      messageCount: 1,
      toolCount: 0,
      imageCount: 0,
      audioCount: 0,
      fileCount: 0,
      hasSchema: false,
      reasoning: false,
      user: "u1",
      metadata: { thread: "7", odd_Name: "kept as it is" },
      inputTokens: 11,
    },
    decision: {
      virtualModel: "assistant",
      route: [{ target, score: 1, because: [{ code: "priority", detail: "1 of 2" }] }],
      rejected: [
        {
          target: { ...target, provider: "claude", model: "claude-haiku-4-5" },
          because: [{ code: "breaker_open", detail: "until 2026-01-01T00:01:00Z" }],
        },
      ],
      limits: {
        attempts: 3,
        connectTimeoutMs: 5_000,
        firstTokenTimeoutMs: undefined,
        idleTimeoutMs: 150_000,
        totalTimeoutMs: 900_000,
      },
      label: "public",
      expected: 54_399_000n,
      worst: 1_063_761_250n,
      snapshot: "0123456789abcdef",
      draw: 0.25,
    },
    attempts: [
      {
        target,
        status: 200,
        outcome: "succeeded",
        startedAt: SAMPLE_START_MS + number + 1,
        firstTokenMs: 118,
        durationMs: 800.25,
        usage: used,
        cost: 54_399_000n,
        upstreamRequestId: "upstream-1",
        message: "",
      },
    ],
    target: "openai/gpt-5-mini",
    usage: used,
    cost: 54_399_000n,
    notices: ["dropped:logit_bias"],
    snapshot: "0123456789abcdef",
    clientRequestId: "from-the-client",
    session: "",
    parent: "",
    ...parts,
  };
}
