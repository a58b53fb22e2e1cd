// Streams that go wrong, or other than usual.

import { expect, test } from "bun:test";
import type { Json } from "#core/json.ts";
import type { NeutralEvent } from "../neutral.ts";
import { decodeStream, grammarFaults } from "../sample-streams.ts";
import { geminiGenerate } from "./index.ts";

const { translation } = geminiGenerate;

function decode(...chunks: (Json | string)[]): NeutralEvent[] {
  if (translation === undefined) throw new Error("Gemini has a translation.");
  const frames = chunks.map((chunk) => {
    return `data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`;
  });
  return decodeStream(translation, frames.join(""));
}

const types = (events: readonly NeutralEvent[]) => events.map((event) => event.type);
const text = (words: string, more: { [key: string]: Json } = {}) => ({
  candidates: [{ content: { parts: [{ text: words }] }, ...more }],
});

test("does not end a message whose body is cut off", () => {
  const events = decode(text("Half"));
  expect(types(events)).toEqual(["message-started", "part-started", "part-delta"]);
});

test("reads errors inside a stream, alone or in an array, and nothing after them", () => {
  const error = {
    code: 503,
    message: "Overloaded.",
    status: "UNAVAILABLE",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" }],
  };
  const fault = { status: 503, code: "UNAVAILABLE", message: "Overloaded.", retryAfterMs: 1500 };
  for (const chunk of [{ error }, [{ error }]]) {
    const events = decode(text("Half"), chunk, text("more", { finishReason: "STOP" }));
    expect(events.at(-1)).toMatchObject({ type: "faulted", fault });
  }
});

test("skips what cannot be read and goes on", () => {
  for (const chunk of ["<html>", "1", "[]", "null", "[DONE]"]) {
    expect(decode(chunk)).toEqual([{ type: "unreadable" }]);
  }
  const end = text("Done.", { finishReason: "STOP" });
  expect(types(decode(end, "[DONE]"))).toEqual(types(decode(end)));
});

test("reports content after the finish reason as lost, and lets late counters pass", () => {
  const end = text("Done.", { finishReason: "STOP" });
  expect(types(decode(end, { usageMetadata: { totalTokenCount: 3 } }, text("")))).toEqual(
    types(decode(end)),
  );
  expect(decode(end, text("More.")).at(-1)).toMatchObject({ type: "faulted" });
});

test("tells usage once for each time it changes", () => {
  const usageMetadata = { promptTokenCount: 3, totalTokenCount: 3 };
  const events = decode(
    { ...text("a"), usageMetadata },
    { ...text("b"), usageMetadata },
    { ...text("c"), usageMetadata: { trafficType: "ON_DEMAND" } },
    {
      ...text("d", { finishReason: "STOP" }),
      usageMetadata: { ...usageMetadata, candidatesTokenCount: 4 },
    },
  );
  const counts = events.flatMap((event) =>
    event.type === "usage" ? [event.usage.outputTokens] : [],
  );
  expect(counts).toEqual([0, 4]);
});

test("waits for every candidate", () => {
  const part = (index: number, finishReason?: string) => ({
    index,
    content: { parts: [{ text: `${index}` }] },
    ...(finishReason !== undefined && { finishReason }),
  });
  const events = decode(
    { candidates: [part(0), part(1)] },
    { candidates: [part(0, "STOP")] },
    { candidates: [part(1, "SAFETY")] },
  );
  expect(grammarFaults(events)).toEqual([]);
  expect(events.filter((event) => event.type === "choice-ended")).toMatchObject([
    { choice: 0, stop: "end" },
    { choice: 1, stop: "content_filter" },
  ]);
  expect(events.at(-1)?.type).toBe("message-ended");
});

test("closes a call in pieces whose end never comes", () => {
  const piece = (functionCall: { [key: string]: Json }, more = {}) => ({
    candidates: [{ content: { parts: [{ functionCall }] }, ...more }],
  });
  const events = decode(
    piece({ name: "look", willContinue: true }),
    piece({ partialArgs: [{ jsonPath: "$.a", stringValue: "x" }], willContinue: true }),
    text("", { finishReason: "STOP" }),
  );
  expect(grammarFaults(events)).toEqual([]);
  expect(events).toContainEqual({ type: "part-delta", choice: 0, index: 0, text: '{"a":"x"}' });
  expect(events.at(-2)).toMatchObject({ type: "choice-ended", stop: "tool_call" });
});
