import { describe, expect, test } from "bun:test";
import { EventStreamCodec, Int64 } from "@smithy/eventstream-codec";
import { AwsEventStreamSplitter } from "./aws-event-stream.ts";
import { readHeaders, readMessage } from "./aws-message.ts";
import { FramingError } from "./framing-error.ts";
import type { SseEvent } from "./sse.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Amazon's own encoder: what it writes is right by definition. */
const codec = new EventStreamCodec(
  (bytes) => decoder.decode(bytes as Uint8Array),
  (text) => encoder.encode(text),
);

type Headers = Parameters<typeof codec.encode>[0]["headers"];

function message(headers: Record<string, string>, payload: string): Uint8Array {
  const typed: Headers = {};
  for (const [name, value] of Object.entries(headers)) typed[name] = { type: "string", value };
  return codec.encode({ headers: typed, body: encoder.encode(payload) });
}

function event(name: string, payload: string): Uint8Array {
  const headers = { ":event-type": name, ":content-type": "application/json" };
  return message({ ...headers, ":message-type": "event" }, payload);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

function split(bytes: Uint8Array, cuts: readonly number[] = []): SseEvent[] {
  const splitter = new AwsEventStreamSplitter();
  const frames: SseEvent[] = [];
  let from = 0;
  for (const place of [...cuts, bytes.length]) {
    frames.push(...splitter.push(bytes.slice(from, place)));
    from = place;
  }
  return [...frames, ...splitter.end()];
}

const STREAM = joined([
  event("messageStart", '{"role":"assistant"}'),
  event("contentBlockDelta", '{"delta":{"text":"żółw 🐢"},"contentBlockIndex":0}'),
  event("messageStop", '{"stopReason":"end_turn"}'),
]);

describe("AwsEventStreamSplitter", () => {
  test("gives an event its type as name and its payload as data", () => {
    expect(split(STREAM).map(({ name, data }) => [name, data])).toEqual([
      ["messageStart", '{"role":"assistant"}'],
      ["contentBlockDelta", '{"delta":{"text":"żółw 🐢"},"contentBlockIndex":0}'],
      ["messageStop", '{"stopReason":"end_turn"}'],
    ]);
  });

  test("marks exceptions and errors in their names", () => {
    const thrown = { ":message-type": "exception", ":exception-type": "throttlingException" };
    const unmodelled = {
      ":message-type": "error",
      ":error-code": "InternalError",
      ":error-message": 'a "bad" day',
    };
    const frames = split(
      joined([message(thrown, '{"message":"Slow down"}'), message(unmodelled, "")]),
    );
    expect(frames.map(({ name, data }) => [name, data])).toEqual([
      ["exception:throttlingException", '{"message":"Slow down"}'],
      ["exception:InternalError", '{"message":"a \\"bad\\" day"}'],
    ]);
  });

  test("reads headers of every type", () => {
    const headers: Headers = {
      yes: { type: "boolean", value: true },
      no: { type: "boolean", value: false },
      byte: { type: "byte", value: -5 },
      short: { type: "short", value: -300 },
      integer: { type: "integer", value: 1_000_000 },
      long: { type: "long", value: Int64.fromNumber(-8_000_000_000) },
      bytes: { type: "binary", value: new Uint8Array([1, 2]) },
      text: { type: "string", value: "ä" },
      time: { type: "timestamp", value: new Date(1_700_000_000_000) },
      id: { type: "uuid", value: "01234567-89ab-cdef-0123-456789abcdef" },
    };
    const read = readMessage(codec.encode({ headers, body: new Uint8Array(0) }));
    expect(Object.fromEntries(readHeaders(read.headers))).toEqual({
      yes: true,
      no: false,
      byte: -5,
      short: -300,
      integer: 1_000_000,
      long: -8_000_000_000n,
      bytes: new Uint8Array([1, 2]),
      text: "ä",
      time: 1_700_000_000_000n,
      id: "01234567-89ab-cdef-0123-456789abcdef",
    });
  });

  test("gives the same frames wherever the stream is cut", () => {
    const whole = split(STREAM);
    for (let cut = 0; cut <= STREAM.length; cut += 1) {
      expect(split(STREAM, [cut])).toEqual(whole);
    }
    const everywhere = Array.from(STREAM, (_, index) => index);
    const frames = split(STREAM, everywhere);
    expect(frames).toEqual(whole);
    expect(joined(frames.map(({ raw }) => raw))).toEqual(STREAM);
  });

  test("refuses half a message at the end", () => {
    const splitter = new AwsEventStreamSplitter();
    expect(splitter.push(STREAM.slice(0, -1))).toHaveLength(2);
    expect(() => splitter.end()).toThrow(FramingError);
  });

  test("refuses a message that says to be larger than allowed, before it has come", () => {
    const large = event("contentBlockDelta", "x".repeat(1_000));
    const splitter = new AwsEventStreamSplitter({ maxMessageBytes: 500 });
    expect(() => splitter.push(large.slice(0, 12))).toThrow("larger than 500");
  });
});
