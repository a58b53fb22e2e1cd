import { expect, test } from "bun:test";
import { mayBeFramedAs, splitterOf } from "./frame-splitter.ts";

test("a framing has its content types, and a page or an error as JSON is none", () => {
  expect(mayBeFramedAs("sse", "text/event-stream; charset=utf-8")).toBe(true);
  expect(mayBeFramedAs("sse", "application/json")).toBe(false);
  expect(mayBeFramedAs("aws-event-stream", "application/vnd.amazon.eventstream")).toBe(true);
  expect(mayBeFramedAs("aws-event-stream", "application/json")).toBe(false);
  expect(mayBeFramedAs("ndjson", "application/x-ndjson")).toBe(true);
  expect(mayBeFramedAs("ndjson", "application/json; charset=utf-8")).toBe(true);
  for (const framing of ["sse", "aws-event-stream", "ndjson"] as const) {
    expect(mayBeFramedAs(framing, null)).toBe(true);
    expect(mayBeFramedAs(framing, "text/html")).toBe(false);
  }
});

test("each framing is split in its own way", () => {
  const text = new TextEncoder().encode('data: {"a":1}\n\n');
  expect(splitterOf("sse").push(text)[0]?.data).toBe('{"a":1}');
  expect(splitterOf("ndjson").push(text)[0]?.data).toBe('data: {"a":1}');
  expect(() => splitterOf("aws-event-stream").push(text)).toThrow("prelude");
});
