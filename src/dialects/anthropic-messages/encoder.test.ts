// The official SDK is the judge here: it reads what the encoder wrote.

import { describe, expect, test } from "bun:test";
import { Stream } from "@anthropic-ai/sdk/core/streaming";
import { MessageStream } from "@anthropic-ai/sdk/lib/MessageStream";
import type { Message } from "@anthropic-ai/sdk/resources/messages";
import { usage } from "#core/usage.ts";
import type { NeutralEvent, PartStart, ProviderState, StopReason } from "../neutral.ts";
import { sampleClient } from "../sample-contexts.ts";
import { AnthropicEncoder } from "./encoder.ts";
import { openEnvelope } from "./state-envelope.ts";

const START: NeutralEvent = {
  type: "message-started",
  id: "chatcmpl-1",
  model: "gpt-5",
  createdAt: 1,
};
const END: NeutralEvent = { type: "message-ended" };
const STATE: ProviderState = { origin: "gemini-generate", kind: "signature", value: "sig" };

function encode(...events: NeutralEvent[]) {
  const client = sampleClient({ stream: true });
  const encoder = new AnthropicEncoder(client);
  const text = [START, ...events, END].map((event) => encoder.encode(event)).join("");
  return { text, notices: client.notices, message: accumulated(text) };
}

function accumulated(text: string): Promise<Message> {
  const events = Stream.fromSSEResponse(new Response(text), new AbortController());
  return MessageStream.fromReadableStream(events.toReadableStream()).finalMessage();
}

function part(
  index: number,
  start: PartStart,
  pieces: string[],
  states?: ProviderState[],
): NeutralEvent[] {
  const place = { choice: 0, index };
  return [
    { type: "part-started", ...place, start, ...(states && { providerState: states }) },
    ...pieces.map((text): NeutralEvent => ({ type: "part-delta", ...place, text })),
    { type: "part-ended", ...place },
  ];
}

function stop(reason: StopReason, vendorStop: string = reason): NeutralEvent {
  return { type: "choice-ended", choice: 0, stop: reason, vendorStop };
}

const TEXT: PartStart = { kind: "text" };
const CALL: PartStart = { kind: "tool-call", id: "call:1", name: "f" };
const THOUGHT: PartStart = { kind: "reasoning", redacted: false };

test("an answer with thought, text and parallel calls arrives whole", async () => {
  const { message, text } = encode(
    ...part(0, THOUGHT, ["hm, ", "well"]),
    ...part(1, TEXT, ["Look", "ing."]),
    ...part(2, CALL, ['{"a"', ":1}"]),
    ...part(3, { kind: "tool-call", id: "b", name: "g" }, []),
    stop("tool_call"),
    {
      type: "usage",
      usage: usage({ inputTokens: 7, cacheReadTokens: 3, outputTokens: 9, reasoningTokens: 4 }),
    },
  );
  expect(await message).toMatchObject({
    id: "chatcmpl-1",
    model: "gpt-5",
    stop_reason: "tool_use",
    content: [
      { type: "thinking", thinking: "hm, well" },
      { type: "text", text: "Looking." },
      { type: "tool_use", name: "f", input: { a: 1 } },
      { type: "tool_use", id: "b", name: "g", input: {} },
    ],
    usage: {
      input_tokens: 7,
      cache_read_input_tokens: 3,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
    },
  });
  const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  expect(names[0]).toBe("message_start");
  expect(names.slice(-2)).toEqual(["message_delta", "message_stop"]);
  const starts = [...text.matchAll(/"content_block_start","index":(\d+)/g)].map(
    ([, index]) => index,
  );
  expect(starts).toEqual(["0", "1", "2", "3"]);
});

test("usage that is known before the content stands in the start", () => {
  const { text } = encode(
    { type: "usage", usage: usage({ inputTokens: 11 }) },
    ...part(0, TEXT, ["x"]),
    stop("end"),
  );
  const [first = ""] = text.split("\n\n");
  expect(first).toContain('"input_tokens":11');
});

test("a part without content leaves no block", async () => {
  const { message } = encode(...part(0, TEXT, []), ...part(1, THOUGHT, [""]), stop("max_tokens"));
  expect(await message).toMatchObject({ content: [], stop_reason: "max_tokens" });
});

describe("another vendor's state", () => {
  function opened(message: Message) {
    return message.content.map((block) => {
      return block.type === "thinking"
        ? (openEnvelope(block.signature)?.place ?? "none")
        : block.type;
    });
  }

  test("stands before the call and behind the text that it belongs to", async () => {
    const { message } = encode(
      ...part(0, TEXT, ["x"], [STATE]),
      ...part(1, CALL, ["{}"], [STATE]),
      stop("tool_call"),
    );
    expect(opened(await message)).toEqual(["text", "previous", "next", "tool_use"]);
  });

  test("that comes late stands behind, and alone where there is no text", async () => {
    const late: NeutralEvent = { type: "part-state", choice: 0, index: 0, providerState: [STATE] };
    const [start, piece, end] = part(0, TEXT, ["x"]);
    if (start === undefined || piece === undefined || end === undefined) throw new Error("three");
    const { message } = encode(start, piece, late, end, ...part(1, TEXT, [], [STATE]), stop("end"));
    expect(opened(await message)).toEqual(["text", "previous", "alone"]);
  });

  test("of reasoning is its signature, and redacted reasoning is sealed whole", async () => {
    const encrypted: ProviderState = { ...STATE, kind: "encrypted" };
    const { message } = encode(
      ...part(0, THOUGHT, ["hm"], [STATE]),
      ...part(1, { kind: "reasoning", redacted: true }, [], [encrypted]),
      ...part(2, THOUGHT, ["unsigned"]),
      stop("end"),
    );
    const [signed, redacted, unsigned] = (await message).content;
    if (signed?.type !== "thinking" || redacted?.type !== "redacted_thinking")
      throw new Error("types");
    expect(openEnvelope(signed.signature)).toEqual({ place: "this", states: [STATE] });
    expect(openEnvelope(redacted.data)).toEqual({ place: "this", states: [encrypted] });
    expect(unsigned).toMatchObject({ type: "thinking", thinking: "unsigned" });
  });
});

describe("ends", () => {
  test.each([
    ["content_filter", "refusal"],
    ["context_limit", "model_context_window_exceeded"],
    ["pause", "pause_turn"],
    ["tool_call", "end_turn"],
    ["malformed_tool_call", "end_turn"],
  ] as [StopReason, string][])("%s is told as %s", async (reason, word) => {
    const { message } = encode(...part(0, TEXT, ["x"]), stop(reason, "SAFETY"));
    expect((await message).stop_reason as string).toBe(word);
  });

  test("a filter says what it was", async () => {
    const { message } = encode(stop("content_filter", "SAFETY"));
    expect((await message).stop_details).toMatchObject({ type: "refusal", explanation: "SAFETY" });
  });

  test("a reason without a word is announced", () => {
    expect(encode(stop("error", "OTHER")).notices).toEqual(["converted:stop_reason"]);
  });

  test("a blocked prompt is a refusal", async () => {
    const { message } = encode({ type: "blocked", details: { blockReason: "PROHIBITED" } });
    expect(await message).toMatchObject({
      content: [],
      stop_reason: "refusal",
      stop_details: { explanation: "PROHIBITED" },
    });
  });

  test("words of refusal make a refusal", async () => {
    const { message } = encode(...part(0, { kind: "refusal" }, ["No."]), stop("end"));
    expect(await message).toMatchObject({ content: [{ text: "No." }], stop_reason: "refusal" });
  });

  test("the vendor's word for a complete answer explains no refusal", async () => {
    const { message } = encode(...part(0, { kind: "refusal" }, ["No."]), stop("end", "stop"));
    expect(await message).toMatchObject({ stop_reason: "refusal", stop_details: null });
  });
});

test("further choices are left out with one notice", async () => {
  const other: NeutralEvent = { type: "part-started", choice: 1, index: 0, start: TEXT };
  const { message, notices } = encode(...part(0, TEXT, ["x"]), other, other, stop("end"));
  expect((await message).content).toHaveLength(1);
  expect(notices).toEqual(["dropped:choices"]);
});

test("parts that this dialect cannot tell are announced", async () => {
  const image: PartStart = {
    kind: "whole",
    part: { kind: "image", source: { from: "base64", mediaType: "image/png", data: "" } },
  };
  const grounding: PartStart = {
    kind: "whole",
    part: { kind: "vendor", origin: "gemini-generate", name: "executableCode", value: {} },
  };
  const { message, notices } = encode(
    ...part(0, image, []),
    ...part(1, grounding, []),
    stop("end"),
  );
  expect((await message).content).toEqual([]);
  expect(notices).toEqual(["dropped:image", "dropped:executableCode"]);
});
