import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FramingError } from "./framing-error.ts";
import { NdjsonSplitter } from "./ndjson.ts";
import type { SseEvent } from "./sse.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function split(text: string, cuts: readonly number[] = []): SseEvent[] {
  const bytes = encoder.encode(text);
  const splitter = new NdjsonSplitter();
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const frames: SseEvent[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    frames.push(...splitter.push(bytes.slice(from, place)));
    from = place;
  }
  return [...frames, ...splitter.end()];
}

describe("NdjsonSplitter", () => {
  test("gives out each line, also a last one without its end", () => {
    expect(split('{"a":1}\r\n\n{"b":"ü"}').map(({ data }) => data)).toEqual([
      '{"a":1}',
      "",
      '{"b":"ü"}',
    ]);
  });

  test("keeps the bytes as they came, whatever the cuts", () => {
    const lines = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat()), (texts, cuts) => {
        const text = texts.join("\n");
        const frames = split(text, cuts);
        expect(frames.map(({ raw }) => decoder.decode(raw)).join("")).toBe(
          decoder.decode(encoder.encode(text)),
        );
        expect(frames.map(({ data }) => data)).toEqual(split(text).map(({ data }) => data));
      }),
    );
  });

  test("refuses a line that does not end", () => {
    const splitter = new NdjsonSplitter({ maxLineBytes: 10 });
    splitter.push(encoder.encode("12345678"));
    expect(() => splitter.push(encoder.encode("9012"))).toThrow(FramingError);
  });
});
