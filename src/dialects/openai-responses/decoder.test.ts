// Streams as OpenAI and its imitators write them, in the ways that the shared samples do not show.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import type { NeutralEvent } from "../neutral.ts";
import { collectStream, decodeStream, grammarFaults } from "../sample-streams.ts";
import { openaiResponses } from "./index.ts";

const CREATED = { type: "response.created", response: { id: "resp_1", model: "m" } };

function eventsOf(...events: readonly (JsonObject | string)[]): NeutralEvent[] {
  const { translation } = openaiResponses;
  if (translation === undefined) throw new Error("There is no translation.");
  const frames = events.map((event) => {
    return `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`;
  });
  return decodeStream(translation, frames.join(""));
}

function partsOf(...events: readonly (JsonObject | string)[]) {
  const told = eventsOf(...events);
  expect(grammarFaults(told)).toEqual([]);
  return collectStream(told).choices[0]?.parts;
}

function added(output_index: number, item: JsonObject): JsonObject {
  return { type: "response.output_item.added", output_index, item };
}

function done(output_index: number, item: JsonObject): JsonObject {
  return { type: "response.output_item.done", output_index, item };
}

const COMPLETED = { type: "response.completed", response: { status: "completed", output: [] } };

describe("what imitators leave out", () => {
  test("an item without any delta is read off its end", () => {
    const content = [{ type: "output_text", text: "Hello.", annotations: [{ type: "x" }] }];
    const message = { type: "message", id: "msg_1", content };
    const parts = partsOf(CREATED, added(0, { type: "message" }), done(0, message), COMPLETED);
    expect(parts).toMatchObject([
      { kind: "text", text: "Hello.", citations: { items: [{ type: "x" }] } },
    ]);
  });

  test("an item that ends without having begun counts", () => {
    const call = { type: "function_call", call_id: "call_a", name: "f", arguments: '{"a":1}' };
    expect(partsOf(CREATED, done(0, call), COMPLETED)).toEqual([
      { kind: "tool-call", id: "call_a", name: "f", argumentsJson: '{"a":1}' },
    ]);
  });

  test("deltas without an item, an index or a start are text all the same", () => {
    const delta = { type: "response.output_text.delta", delta: "Hi" };
    const parts = partsOf(delta, { ...delta, item_id: "msg_1" }, COMPLETED);
    expect(parts).toEqual([{ kind: "text", text: "HiHi" }]);
  });

  test("text after reasoning is text, though neither says where it belongs", () => {
    const parts = partsOf(
      { type: "response.reasoning_text.delta", delta: "Hm." },
      { type: "response.output_text.delta", delta: "Hi" },
      COMPLETED,
    );
    expect(parts).toEqual([
      { kind: "reasoning", redacted: false, text: "Hm." },
      { kind: "text", text: "Hi" },
    ]);
  });

  test("a call whose id comes late is announced when it has one", () => {
    const item = { type: "function_call", id: "fc_1" };
    const called = { ...item, call_id: "call_a", name: "f", arguments: "" };
    expect(partsOf(CREATED, added(0, item), done(0, called), COMPLETED)).toEqual([
      { kind: "tool-call", id: "call_a", name: "f", argumentsJson: "{}" },
    ]);
  });

  test("a rest that only the end of a text tells is added", () => {
    const place = { output_index: 0, content_index: 0 };
    const parts = partsOf(
      CREATED,
      added(0, { type: "message" }),
      { type: "response.output_text.delta", ...place, delta: "Hel" },
      { type: "response.output_text.done", ...place, text: "Hello." },
      {
        type: "response.content_part.done",
        ...place,
        part: { type: "output_text", text: "Hello." },
      },
      done(0, { type: "message", content: [{ type: "output_text", text: "Hello." }] }),
      COMPLETED,
    );
    expect(parts).toEqual([{ kind: "text", text: "Hello." }]);
  });

  test("an end by [DONE] alone ends the answer without a reason", () => {
    const delta = { type: "response.output_text.delta", output_index: 0, delta: "Hi" };
    expect(eventsOf(CREATED, delta, "[DONE]").slice(-2)).toMatchObject([
      { type: "choice-ended", stop: "unknown" },
      { type: "message-ended" },
    ]);
  });

  test("a body that breaks off has no end", () => {
    const delta = { type: "response.output_text.delta", output_index: 0, delta: "Hi" };
    expect(eventsOf(CREATED, delta).at(-1)?.type).toBe("part-delta");
  });
});

describe("what is told in other words", () => {
  test("raw reasoning counts as reasoning, whatever its event is called", () => {
    for (const name of ["reasoning_text", "reasoning"]) {
      const place = { output_index: 0, content_index: 0 };
      const item = { type: "reasoning", id: "rs_1", content: [{ type: "x", text: "Hm." }] };
      const parts = partsOf(
        CREATED,
        added(0, { type: "reasoning" }),
        { type: `response.${name}.delta`, ...place, delta: "Hm" },
        { type: `response.${name}.done`, ...place, text: "Hm." },
        done(0, { ...item, summary: [] }),
        COMPLETED,
      );
      expect(parts).toEqual([{ kind: "reasoning", redacted: false, text: "Hm." }]);
    }
  });

  test("the last encrypted content of an item is the one that counts", () => {
    const item = { type: "reasoning", id: "rs_a", summary: [], encrypted_content: "early" };
    const parts = partsOf(
      CREATED,
      added(0, item),
      done(0, { ...item, id: "rs_b", encrypted_content: "late" }),
      COMPLETED,
    );
    expect(parts).toMatchObject([
      { kind: "reasoning", redacted: true, providerState: [{ value: "rs_b" }, { value: "late" }] },
    ]);
  });

  test("the text of a custom call stays whole, even where a delta ends inside a letter", () => {
    const cat = "🐈";
    const item = { type: "custom_tool_call", call_id: "call_a", name: "sql", input: "" };
    const delta = { type: "response.custom_tool_call_input.delta", output_index: 0 };
    const parts = partsOf(
      CREATED,
      added(0, item),
      { ...delta, delta: `"${cat[0]}` },
      { ...delta, delta: `${cat[1]}\n` },
      done(0, { ...item, input: `"${cat}\n` }),
      COMPLETED,
    );
    const [call] = parts ?? [];
    if (call?.kind !== "tool-call") throw new Error("There is no call.");
    expect(JSON.parse(call.argumentsJson)).toEqual({ input: `"${cat}\n` });
  });

  test("events that nobody knows give nothing, and an item that nobody knows is kept whole", () => {
    const item = { type: "brand_new", id: "x_1", value: { a: 1 } };
    const parts = partsOf(
      CREATED,
      { type: "response.brand_new.delta", output_index: 7, delta: "x" },
      added(0, { type: "brand_new", id: "x_1" }),
      { type: "response.brand_new.delta", output_index: 0, delta: "x" },
      done(0, item),
      COMPLETED,
    );
    expect(parts).toEqual([
      { kind: "vendor", origin: "openai-responses", name: "brand_new", value: item },
    ]);
  });
});

describe("an error", () => {
  const wanted = { type: "faulted", fault: { code: "server_error", message: "No." } };

  test.each([
    ["in members of its own", { type: "error", code: "server_error", message: "No." }],
    ["in an object", { type: "error", error: { code: "server_error", message: "No." } }],
    [
      "in a response that failed",
      { type: "response.failed", response: { error: { code: "server_error", message: "No." } } },
    ],
    ["without a type", { error: { code: "server_error", message: "No." } }],
  ])("%s ends the stream", (_, event) => {
    expect(eventsOf(CREATED, event, COMPLETED)).toMatchObject([
      { type: "message-started" },
      wanted,
    ]);
  });

  test("of one tool is none of the answer", () => {
    const failed = { type: "response.mcp_call.failed", output_index: 0, error: { message: "x" } };
    expect(eventsOf(CREATED, failed, COMPLETED).at(-1)?.type).toBe("message-ended");
  });
});
