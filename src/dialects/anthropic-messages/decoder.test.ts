import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import type { NeutralEvent } from "../neutral.ts";
import { collectStream, grammarFaults } from "../sample-streams.ts";
import { AnthropicDecoder } from "./decoder.ts";

const START = {
  type: "message_start",
  message: { id: "msg_1", model: "m", usage: { input_tokens: 4, output_tokens: 1 } },
};
const STOP = { type: "message_stop" };

function decode(...data: JsonObject[]): NeutralEvent[] {
  const decoder = new AnthropicDecoder();
  return data.flatMap((one) => [
    ...decoder.decode({ name: "", data: JSON.stringify(one), raw: new Uint8Array() }),
  ]);
}

function started(index: number, block: JsonObject): JsonObject {
  return { type: "content_block_start", index, content_block: block };
}

function delta(index: number, fields: JsonObject): JsonObject {
  return { type: "content_block_delta", index, delta: fields };
}

function words(index: number, text: string): JsonObject {
  return delta(index, { type: "text_delta", text });
}

function stopped(index: number): JsonObject {
  return { type: "content_block_stop", index };
}

function ended(reason: string, usage: JsonObject = { output_tokens: 5 }): JsonObject {
  return { type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage };
}

function answer(events: readonly NeutralEvent[]) {
  expect(grammarFaults(events)).toEqual([]);
  return collectStream(events).choices[0];
}

const TEXT = { type: "text", text: "" };
const CALL = { type: "tool_use", id: "a", name: "f", input: {} };

test("usage of the start is corrected by the end", () => {
  const events = decode(START, ended("end_turn", { input_tokens: 61, output_tokens: 5 }), STOP);
  expect(collectStream(events).usage).toMatchObject({ inputTokens: 61, outputTokens: 5 });
});

test("blocks that overlap are told one after the other", () => {
  const choice = answer(
    decode(
      START,
      started(0, TEXT),
      started(1, CALL),
      words(0, "a"),
      delta(1, { type: "input_json_delta", partial_json: '{"x":1}' }),
      stopped(1),
      words(0, "b"),
      stopped(0),
      ended("tool_use"),
      STOP,
    ),
  );
  expect(choice?.parts).toMatchObject([
    { kind: "text", text: "ab" },
    { kind: "tool-call", argumentsJson: '{"x":1}' },
  ]);
});

test("blocks that never stop end with the answer, and deltas need no start", () => {
  const choice = answer(
    decode(START, words(0, "a"), started(1, TEXT), words(1, "b"), ended("end_turn"), STOP),
  );
  expect(choice?.parts.map((part) => (part.kind === "text" ? part.text : ""))).toEqual(["a", "b"]);
});

test("a message that starts anew keeps what was said", () => {
  const choice = answer(
    decode(
      START,
      started(0, TEXT),
      words(0, "half"),
      { ...START, message: { ...START.message, id: "msg_2" } },
      started(0, TEXT),
      words(0, "whole"),
      stopped(0),
      ended("end_turn"),
      STOP,
    ),
  );
  expect(choice?.parts).toMatchObject([{ text: "half" }, { text: "whole" }]);
});

describe("arguments of a tool call", () => {
  test.each([
    ["none", CALL, [], "{}"],
    ["whole in the start", { ...CALL, input: { x: 1 } }, [], '{"x":1}'],
    ["in pieces", CALL, ["", '{"x"', ":1}"], '{"x":1}'],
  ] as [string, JsonObject, string[], string][])("%s", (_name, block, pieces, json) => {
    const deltas = pieces.map((piece) =>
      delta(0, { type: "input_json_delta", partial_json: piece }),
    );
    const choice = answer(
      decode(START, started(0, block), ...deltas, stopped(0), ended("tool_use"), STOP),
    );
    expect(choice?.parts[0]).toMatchObject({ kind: "tool-call", argumentsJson: json });
  });
});

test("a signature comes with the end of its thought, the last one wins", () => {
  const choice = answer(
    decode(
      START,
      started(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "signature_delta", signature: "one" }),
      delta(0, { type: "signature_delta", signature: "two" }),
      stopped(0),
      ended("end_turn"),
      STOP,
    ),
  );
  expect(choice?.parts).toEqual([
    {
      kind: "reasoning",
      text: "",
      redacted: false,
      providerState: [{ origin: "anthropic-messages", kind: "signature", value: "two" }],
    },
  ]);
});

test("blocks and deltas that nobody knows yet survive whole", () => {
  const choice = answer(
    decode(
      START,
      started(0, { type: "hologram", pixels: "a" }),
      delta(0, { type: "hologram_delta", pixels: "b", depth: 3 }),
      stopped(0),
      { type: "weather_report" },
      ended("end_turn"),
      STOP,
    ),
  );
  expect(choice?.parts).toEqual([
    {
      kind: "vendor",
      origin: "anthropic-messages",
      name: "hologram",
      value: { type: "hologram", pixels: "ab", depth: 3 },
    },
  ]);
});

describe("stop reasons", () => {
  test.each([
    ["end_turn", "end"],
    ["max_tokens", "max_tokens"],
    ["pause_turn", "pause"],
    ["refusal", "refusal"],
    ["model_context_window_exceeded", "context_limit"],
    ["tool_use", "end"],
    ["a_new_reason", "unknown"],
  ])("%s without a call is %s", (reason, stop) => {
    expect(answer(decode(START, ended(reason), STOP))).toMatchObject({ stop, vendorStop: reason });
  });

  test("an answer with a call always stops for it", () => {
    const events = decode(START, started(0, CALL), stopped(0), ended("end_turn"), STOP);
    expect(answer(events)?.stop).toBe("tool_call");
  });
});

describe("faults", () => {
  test("an error event ends the stream", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Busy." } };
    const events = decode(START, started(0, TEXT), error, words(0, "late"), STOP);
    expect(events.at(-1)).toEqual({
      type: "faulted",
      fault: { status: 529, code: "overloaded_error", message: "Busy." },
    });
  });

  test("an event that is no JSON object is skipped and told", () => {
    const decoder = new AnthropicDecoder();
    const event = { name: "message_start", data: "<html>", raw: new Uint8Array() };
    expect(decoder.decode(event)).toEqual([{ type: "unreadable" }]);
    const next = decoder.decode({ ...event, data: JSON.stringify(START) });
    expect(next[0]?.type).toBe("message-started");
  });

  test("pings, comments and another dialect's end mark are nothing", () => {
    const decoder = new AnthropicDecoder();
    for (const data of ['{"type":"ping"}', "", "[DONE]"]) {
      expect(decoder.decode({ name: "ping", data, raw: new Uint8Array() })).toEqual([]);
    }
  });
});
