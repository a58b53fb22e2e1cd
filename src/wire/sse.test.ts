import { describe, expect, test } from "bun:test";
import { createParser } from "eventsource-parser";
import fc from "fast-check";
import type { SseEvent } from "./sse.ts";
import { SseLimitError, SseSplitter, sseFrame } from "./sse.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function split(bytes: Uint8Array, cuts: readonly number[] = []): SseEvent[] {
  const splitter = new SseSplitter();
  const events: SseEvent[] = [];
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    events.push(...splitter.push(bytes.slice(from, place)));
    from = place;
  }
  return [...events, ...splitter.end()];
}

function dataOf(text: string, cuts: readonly number[] = []): string[] {
  return split(encoder.encode(text), cuts).map((event) => event.data);
}

function oracle(text: string): { name: string; data: string }[] {
  const found: { name: string; data: string }[] = [];
  const parser = createParser({
    onEvent: (event) => found.push({ name: event.event ?? "", data: event.data }),
  });
  parser.feed(text);
  return found;
}

describe("SseSplitter", () => {
  test("understands every line ending, also a mixture", () => {
    expect(dataOf("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\r\n\ndata: e\n\r\n")).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
    ]);
  });

  test("gives an event out as soon as its blank line ends, even when that is a lone CR", () => {
    const splitter = new SseSplitter();
    expect(splitter.push(encoder.encode("data: a\r\n\r")).map((event) => event.data)).toEqual([
      "a",
    ]);
    const later = splitter.push(encoder.encode("\ndata: b\n\n"));
    expect(later.map((event) => event.data)).toEqual(["b"]);
  });

  test("joins data lines and takes at most one space off each", () => {
    expect(dataOf("data:a\ndata:  b\ndata\ndata: c\n\n")).toEqual(["a\n b\n\nc"]);
  });

  test("reads the event name and ignores id, retry and unknown fields", () => {
    const [event] = split(encoder.encode("id: 4\nretry: 10\nevent: ping\nfoo: x\ndata: {}\n\n"));
    expect(event).toMatchObject({ name: "ping", data: "{}" });
  });

  test("gives comments as events without data that hold their bytes", () => {
    const events = split(encoder.encode(": OPENROUTER PROCESSING\n\ndata: x\n\n"));
    expect(events.map((event) => event.data)).toEqual(["", "x"]);
    expect(decoder.decode(events[0]?.raw)).toBe(": OPENROUTER PROCESSING\n\n");
  });

  test("strips a byte order mark at the start and nowhere else", () => {
    expect(dataOf("\uFEFFdata: a\n\ndata: \uFEFFb\n\n", [1, 2])).toEqual(["a", "\uFEFFb"]);
  });

  test("gives out the last event when the final blank line or line ending is missing", () => {
    expect(dataOf("data: a\n\ndata: b")).toEqual(["a", "b"]);
    expect(dataOf("data: a\n\ndata: b\r\n")).toEqual(["a", "b"]);
    expect(split(encoder.encode("data: a\n\n"))).toHaveLength(1);
  });

  test("keeps characters whole that a chunk border cuts", () => {
    const text = "data: ä€😀\n\n";
    const bytes = encoder.encode(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(split(bytes, [cut]).map((event) => event.data)).toEqual(["ä€😀"]);
    }
  });

  test("reads 5 MB in one event cut into small chunks", () => {
    const data = "x".repeat(5_000_000);
    const bytes = encoder.encode(`data: ${data}\n\n`);
    const splitter = new SseSplitter();
    const events: SseEvent[] = [];
    for (let from = 0; from < bytes.length; from += 1000) {
      events.push(...splitter.push(bytes.subarray(from, from + 1000)));
    }
    expect(events.map((event) => event.data.length)).toEqual([data.length]);
    expect(events[0]?.raw.length).toBe(bytes.length);
  });

  test("refuses an event beyond its limit, complete or not", () => {
    const bytes = encoder.encode(`data: ${"x".repeat(100)}\n\n`);
    expect(() => new SseSplitter({ maxEventBytes: 50 }).push(bytes)).toThrow(SseLimitError);
    expect(() => new SseSplitter({ maxEventBytes: 50 }).push(bytes.subarray(0, 60))).toThrow(
      SseLimitError,
    );
    expect(new SseSplitter({ maxEventBytes: 200 }).push(bytes)).toHaveLength(1);
  });

  const line = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => `data: ${clean(text)}`),
    fc.constantFrom("data:", "data", ": comment", "event: ping", "id: 1", "datax: 1", "data:  two"),
  );
  const frame = fc.array(line, { minLength: 1, maxLength: 4 });

  test("agrees with eventsource-parser on every stream, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 6 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.array(fc.nat(), { maxLength: 8 }),
        (frames, newline, cuts) => {
          const text = frames.map((lines) => lines.join(newline) + newline + newline).join("");
          const bytes = encoder.encode(text);
          const events = split(bytes, cuts);
          // The oracle holds a trailing CR back until it knows what follows.
          const expected = oracle(newline === "\r" ? `${text}: end` : text);
          const withData = events.filter((event) => hasData(event));
          expect(withData.map(({ name, data }) => ({ name, data }))).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("loses no byte and adds none, whatever the bytes are", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map(towardsNewlines)),
        fc.array(fc.nat(), { maxLength: 6 }),
        (bytes, cuts) => {
          const joined = split(bytes, cuts).flatMap((event) => [...event.raw]);
          expect(joined).toEqual([...bytes]);
        },
      ),
    );
  });
});

describe("sseFrame", () => {
  test("is read back as it was written", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom(undefined, "delta"),
        (text, name) => {
          const data = text.replace(/\r\n?/g, "\n").replace(/[\uD800-\uDFFF]/g, "");
          const [event] = split(encoder.encode(sseFrame(data, name)));
          expect(event).toMatchObject({ name: name ?? "", data });
        },
      ),
    );
  });
});

function clean(text: string): string {
  return text.replace(/[\r\n\uFEFF]/g, "");
}

function towardsNewlines(byte: number): number {
  return [10, 13, 10, 13, 58][byte % 8] ?? byte;
}

/** True when the frame has a `data` field, empty or not: what the standard dispatches. */
function hasData(event: SseEvent): boolean {
  return decoder
    .decode(event.raw)
    .split(/\r\n|\r|\n/)
    .some((text) => text === "data" || text.startsWith("data:"));
}
