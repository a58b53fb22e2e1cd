// Streams for clients: each event in its place, whatever the upstream's dialect.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import { NO_USAGE } from "#core/usage.ts";
import type { NeutralEvent, PartStart, StopReason } from "../neutral.ts";
import { sampleClient } from "../sample-contexts.ts";
import { openaiResponses } from "./index.ts";

const STARTED = { type: "message-started", id: "", model: "served", createdAt: 0 } as const;

function part(index: number, start: PartStart, ...texts: string[]): NeutralEvent[] {
  const place = { choice: 0, index } as const;
  return [
    { type: "part-started", ...place, start },
    ...texts.map((text) => ({ type: "part-delta", ...place, text }) as const),
    { type: "part-ended", ...place },
  ];
}

function ended(stop: StopReason): NeutralEvent[] {
  return [
    { type: "usage", usage: NO_USAGE },
    { type: "choice-ended", choice: 0, stop, vendorStop: "" },
    { type: "message-ended" },
  ];
}

function encoded(events: readonly NeutralEvent[], echo: JsonObject = {}) {
  const context = sampleClient({ stream: true, echo });
  const encoder = openaiResponses.translation?.encoder(context);
  if (encoder === undefined) throw new Error("There is no encoder.");
  const text = events.map((event) => encoder.encode(event)).join("");
  const frames = text.split("\n\n").filter((frame) => frame !== "");
  const told = frames.map((frame) => {
    const [name, data] = frame.split("\n");
    const event = asObject(JSON.parse(String(data).slice("data: ".length))) ?? {};
    expect(name).toBe(`event: ${event["type"]}`);
    return event;
  });
  return { told, notices: context.notices, response: asObject(told.at(-1)?.["response"]) ?? {} };
}

function typesOf(told: readonly JsonObject[]): string[] {
  return told.map(({ type }) => String(type).replace("response.", ""));
}

test("text, reasoning and a call are told item by item", () => {
  const { told, response } = encoded([
    STARTED,
    ...part(0, { kind: "reasoning", redacted: false }, "Hm."),
    ...part(1, { kind: "text" }, "Hel", "lo."),
    ...part(2, { kind: "tool-call", id: "call_a", name: "f" }, '{"a":', "1}"),
    ...ended("tool_call"),
  ]);
  expect(typesOf(told)).toEqual([
    ...["created", "in_progress"],
    ...["output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta"],
    ...["reasoning_summary_text.done", "reasoning_summary_part.done", "output_item.done"],
    ...["output_item.added", "content_part.added", "output_text.delta", "output_text.delta"],
    ...["output_text.done", "content_part.done", "output_item.done"],
    ...["output_item.added", "function_call_arguments.delta", "function_call_arguments.delta"],
    ...["function_call_arguments.done", "output_item.done", "completed"],
  ]);
  expect(told.map((event) => event["sequence_number"])).toEqual(told.map((_, index) => index));
  const done = told.filter(({ type }) => type === "response.output_item.done");
  expect(done.map(({ item }) => item)).toEqual([...asArray(response["output"])]);
  expect(done.map((event) => event["output_index"])).toEqual([0, 1, 2]);
  expect(response).toMatchObject({ object: "response", status: "completed", store: false });
  expect(response["usage"]).toMatchObject({ total_tokens: 0 });
});

test("texts one after the other are parts of one message", () => {
  const { told, response } = encoded([
    STARTED,
    ...part(0, { kind: "text" }, "One."),
    ...part(1, { kind: "refusal" }, "No."),
    ...ended("refusal"),
  ]);
  const content = asObject(asArray(response["output"])[0])?.["content"];
  expect(content).toMatchObject([
    { type: "output_text", text: "One." },
    { type: "refusal", refusal: "No." },
  ]);
  const second = told.filter((event) => event["content_index"] === 1);
  expect(typesOf(second)).toEqual([
    ...["content_part.added", "refusal.delta", "refusal.done", "content_part.done"],
  ]);
});

test("a part without text is no message", () => {
  const { response } = encoded([STARTED, ...part(0, { kind: "text" }), ...ended("end")]);
  expect(response["output"]).toEqual([]);
});

describe("state of another vendor", () => {
  const providerState = [{ origin: "gemini-generate", kind: "signature", value: "c2ln" }] as const;

  test("of a call stands before it, of a text behind it", () => {
    const [start, ...rest] = part(1, { kind: "tool-call", id: "call_a", name: "f" }, "{}");
    if (start?.type !== "part-started") throw new Error("It has not begun.");
    const { response } = encoded([
      STARTED,
      ...part(0, { kind: "text" }, "Hi.").slice(0, -1),
      { type: "part-state", choice: 0, index: 0, providerState },
      { type: "part-ended", choice: 0, index: 0 },
      { ...start, providerState },
      ...rest,
      ...ended("tool_call"),
    ]);
    const types = asArray(response["output"]).map((item) => asObject(item)?.["type"]);
    expect(types).toEqual(["message", "reasoning", "reasoning", "function_call"]);
  });
});

describe("the end", () => {
  test.each([
    ["end", "completed", null],
    ["stop_sequence", "completed", null],
    ["max_tokens", "incomplete", "max_output_tokens"],
    ["context_limit", "incomplete", "max_output_tokens"],
    ["content_filter", "incomplete", "content_filter"],
    ["refusal", "incomplete", "content_filter"],
    ["error", "failed", null],
  ] as const)("%s is %s", (stop, status, reason) => {
    const { told, response } = encoded([
      STARTED,
      ...part(0, { kind: "text" }, "Hi."),
      ...ended(stop),
    ]);
    expect(told.at(-1)?.["type"]).toBe(`response.${status}`);
    expect(response["status"]).toBe(status);
    expect(asObject(response["incomplete_details"])?.["reason"] ?? null).toBe(reason);
    expect(response["error"] === null).toBe(status !== "failed");
  });

  test("a prompt that was blocked is an incomplete answer without output", () => {
    const blocked = { type: "blocked", details: { reason: "SAFETY" } } as const;
    const { response } = encoded([STARTED, blocked, { type: "message-ended" }]);
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
      output: [],
    });
  });

  test("further answers are left out, and said to be", () => {
    const other = { type: "part-started", choice: 1, index: 0, start: { kind: "text" } } as const;
    const { notices } = encoded([STARTED, other, ...ended("end")]);
    expect(notices).toEqual(["dropped:choices"]);
  });
});

test("what the call said of itself is repeated", () => {
  const settings = { temperature: 0.5, reasoning: { effort: "low" }, metadata: { a: "b" } };
  const { response } = encoded([STARTED, ...ended("end")], { settings });
  expect(response).toMatchObject({
    temperature: 0.5,
    reasoning: { effort: "low", summary: null },
    metadata: { a: "b" },
    text: { format: { type: "text" } },
  });
});
