// Streams and replies of other upstreams for a Gemini client.

import { expect, test } from "bun:test";
import { asObject } from "#core/json.ts";
import { usage } from "#core/usage.ts";
import type { Framing } from "../dialect.ts";
import type { NeutralEvent, PartStart, ProviderState } from "../neutral.ts";
import { sampleClient } from "../sample-contexts.ts";
import { GeminiEncoder } from "./encoder.ts";
import { replyFromNeutral } from "./reply-from-neutral.ts";
import { ENCODED_SENTINEL, readSignature } from "./signatures.ts";

const STATE: ProviderState = { origin: "anthropic-messages", kind: "signature", value: "abc" };

function part(index: number, start: PartStart, texts: readonly string[], state?: ProviderState) {
  return [
    { type: "part-started", choice: 0, index, start },
    ...texts.map((text) => ({ type: "part-delta", choice: 0, index, text }) as const),
    ...(state ? [{ type: "part-state", choice: 0, index, providerState: [state] } as const] : []),
    { type: "part-ended", choice: 0, index },
  ] satisfies NeutralEvent[];
}

function message(...events: NeutralEvent[]): NeutralEvent[] {
  return [
    { type: "message-started", id: "", model: "claude-x", createdAt: 0 },
    ...events,
    { type: "message-ended" },
  ];
}

function encode(events: readonly NeutralEvent[], framing: Framing = "sse") {
  const context = sampleClient({ stream: true }, framing);
  const encoder = new GeminiEncoder(context);
  const pieces = events.map((event) => encoder.encode(event)).filter((piece) => piece !== "");
  return { pieces, notices: context.notices };
}

const END: NeutralEvent = {
  type: "choice-ended",
  choice: 0,
  stop: "tool_call",
  vendorStop: "tool_use",
};
const ANSWER = message(
  ...part(0, { kind: "reasoning", redacted: false }, ["Let me ", "look."], STATE),
  ...part(1, { kind: "text" }, ["Wait."]),
  ...part(2, { kind: "tool-call", id: "toolu_1", name: "look" }, ['{"b":', '1,"a":2}']),
  ...part(3, { kind: "tool-call", id: "toolu_2", name: "look" }, []),
  {
    type: "usage",
    usage: usage({ inputTokens: 5, cacheReadTokens: 2, outputTokens: 9, reasoningTokens: 4 }),
  },
  END,
);

test("writes text as it comes, calls whole, and the end with usage last", () => {
  const { pieces } = encode(ANSWER);
  const chunks = pieces.map((piece) => {
    expect(piece).toMatch(/^data: .*\n\n$/);
    return JSON.parse(piece.slice("data: ".length));
  });
  const parts = chunks.map((chunk) => chunk.candidates[0].content.parts[0]);
  const sealed = parts[2].thoughtSignature;
  expect(parts).toEqual([
    { text: "Let me ", thought: true },
    { text: "look.", thought: true },
    { text: "", thought: true, thoughtSignature: sealed },
    { text: "Wait." },
    {
      functionCall: { id: "toolu_1", name: "look", args: { b: 1, a: 2 } },
      thoughtSignature: ENCODED_SENTINEL,
    },
    { functionCall: { id: "toolu_2", name: "look", args: {} } },
    { text: "" },
  ]);
  expect(readSignature(sealed).states).toEqual([STATE]);
  expect(chunks.at(-1)).toMatchObject({
    candidates: [{ finishReason: "STOP", index: 0 }],
    usageMetadata: {
      promptTokenCount: 7,
      cachedContentTokenCount: 2,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 4,
      totalTokenCount: 16,
    },
    modelVersion: "claude-x",
    responseId: "req_sample",
  });
  expect(chunks.slice(0, -1).some((chunk) => "usageMetadata" in chunk)).toBe(false);
});

test("writes the same as one JSON array for a client that wants no SSE", () => {
  const { pieces } = encode(ANSWER, "json-array");
  const frames = encode(ANSWER).pieces.map((piece) => JSON.parse(piece.slice("data: ".length)));
  expect(JSON.parse(pieces.join("\n"))).toEqual(frames);
  expect(pieces[0]).toStartWith("[{");
});

test("never ends a call that was cut off in its arguments as if it could be run", () => {
  const cut = part(0, { kind: "tool-call", id: "c1", name: "look" }, ['{"a":']);
  const { pieces, notices } = encode(message(...cut, END));
  expect(pieces.join("")).not.toContain('functionCall"');
  expect(pieces.join("")).toContain('"finishReason":"MALFORMED_FUNCTION_CALL"');
  expect(notices).toEqual(["dropped:tool_call"]);
  const atLimit: NeutralEvent = { ...END, stop: "max_tokens", vendorStop: "max_tokens" };
  expect(encode(message(...cut, atLimit)).pieces.join("")).toContain('"MAX_TOKENS"');
});

test("tells that the prompt was blocked, in Google's words or another vendor's", () => {
  const events = message({ type: "blocked", details: { category: "cyber" } });
  expect(JSON.parse(encode(events).pieces.join("").slice("data: ".length))).toMatchObject({
    promptFeedback: { blockReason: "OTHER", blockReasonMessage: '{"category":"cyber"}' },
  });
});

test("leaves out what only another vendor's client understands, and says so", () => {
  const vendor = { kind: "vendor", origin: "openai-chat", name: "audio", value: {} } as const;
  const items = [{ type: "page_location" }];
  const citations = { origin: "anthropic-messages", items, shared: [] };
  const { pieces, notices } = encode(
    message(
      ...part(0, { kind: "whole", part: vendor }, []),
      { type: "part-started", choice: 0, index: 1, start: { kind: "text" } },
      { type: "part-delta", choice: 0, index: 1, text: "See page 3." },
      { type: "part-state", choice: 0, index: 1, citations },
      { type: "part-ended", choice: 0, index: 1 },
      { ...END, stop: "pause", vendorStop: "pause_turn" },
    ),
  );
  expect(notices).toEqual(["dropped:audio", "dropped:citations"]);
  expect(pieces.join("")).toContain('"finishReason":"CONTINUATION"');
});

test("writes a whole reply of another vendor", () => {
  const context = sampleClient();
  const reply = replyFromNeutral(
    {
      origin: "anthropic-messages",
      id: "msg_1",
      model: "claude-x",
      createdAt: 0,
      choices: [
        {
          index: 0,
          parts: [
            {
              kind: "reasoning",
              text: "",
              redacted: true,
              providerState: [{ ...STATE, kind: "redacted" }],
            },
            { kind: "refusal", text: "I would rather not." },
          ],
          stop: "refusal",
          vendorStop: "refusal",
          stopDetails: { category: "cyber" },
        },
      ],
      usage: usage({ inputTokens: 1, cacheWrite5mTokens: 2, outputTokens: 3 }),
    },
    context,
  );
  const candidate = asObject(Object(reply["candidates"])[0]);
  expect(reply).toMatchObject({
    candidates: [
      {
        content: { parts: [{ text: "", thought: true }, { text: "I would rather not." }] },
        finishReason: "SAFETY",
        finishMessage: '{"category":"cyber"}',
      },
    ],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 3, totalTokenCount: 6 },
  });
  const [hidden] = Object(candidate)["content"].parts;
  expect(readSignature(hidden.thoughtSignature)).toMatchObject({
    isRedacted: true,
    states: [{ origin: "anthropic-messages", kind: "redacted", value: "abc" }],
  });
});
