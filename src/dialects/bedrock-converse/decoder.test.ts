import { expect, test } from "bun:test";
import type { NeutralEvent } from "../neutral.ts";
import { ConverseDecoder } from "./decoder.ts";

function decoded(frames: readonly (readonly [name: string, data: unknown])[]): NeutralEvent[] {
  const decoder = new ConverseDecoder();
  const raw = new Uint8Array(0);
  const events = frames.flatMap(([name, data]) => {
    return decoder.decode({ name, data: JSON.stringify(data), raw });
  });
  return [...events, ...decoder.end()];
}

function text(index: number, words: string) {
  return ["contentBlockDelta", { contentBlockIndex: index, delta: { text: words } }] as const;
}

test("an exception amid the text is a fault with the status that its type stands for", () => {
  const exception = ["exception:throttlingException", { message: "Too many tokens." }] as const;
  expect(decoded([text(0, "Hi"), exception, text(0, "more")]).at(-1)).toEqual({
    type: "faulted",
    fault: { status: 429, code: "ThrottlingException", message: "Too many tokens." },
  });
});

test("a model that broke tells the status that it had", () => {
  const told = { originalStatusCode: 503, originalMessage: "Overloaded.", message: "It broke." };
  expect(decoded([["exception:modelStreamErrorException", told]])).toEqual([
    {
      type: "faulted",
      fault: { status: 503, code: "ModelStreamErrorException", message: "It broke." },
    },
  ]);
});

test("a stream without a stop is not over when its body ends", () => {
  const events = decoded([
    text(0, "Hi"),
    ["metadata", { usage: { inputTokens: 1, outputTokens: 2 } }],
  ]);
  expect(events.map(({ type }) => type)).toEqual([
    "message-started",
    "part-started",
    "part-delta",
    "usage",
  ]);
});

test("a stream with a stop is over when its body ends, with or without usage", () => {
  const stop = ["messageStop", { stopReason: "end_turn" }] as const;
  expect(decoded([text(0, "Hi"), stop]).at(-1)).toEqual({ type: "message-ended" });
});

test("frames of unknown names and what they hold are passed over", () => {
  const events = decoded([
    ["initial-response", {}],
    ["somethingNew", { contentBlockIndex: 0 }],
    text(0, "Hi"),
  ]);
  expect(events.map(({ type }) => type)).toEqual(["message-started", "part-started", "part-delta"]);
});

test("blocks that overlap are told one after the other", () => {
  const events = decoded([
    text(0, "a"),
    text(1, "b"),
    text(0, "c"),
    ["contentBlockStop", { contentBlockIndex: 1 }],
    ["messageStop", { stopReason: "end_turn" }],
  ]);
  const told = events.flatMap((event) => (event.type === "part-delta" ? [event] : []));
  expect(told.map(({ index, text: words }) => [index, words])).toEqual([
    [0, "a"],
    [0, "c"],
    [1, "b"],
  ]);
});

test("redacted reasoning in pieces is joined byte by byte", () => {
  const piece = (base64: string) => {
    const delta = { reasoningContent: { redactedContent: base64 } };
    return ["contentBlockDelta", { contentBlockIndex: 0, delta }] as const;
  };
  const stop = ["contentBlockStop", { contentBlockIndex: 0 }] as const;
  const state = decoded([piece("YQ=="), piece("Yg=="), stop]).find(
    ({ type }) => type === "part-state",
  );
  expect(state).toMatchObject({
    providerState: [{ origin: "bedrock-converse", kind: "redacted", value: "YWI=" }],
  });
});
