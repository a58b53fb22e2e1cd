// Binary event streams, damaged and cut at random: every damage is found, nothing else is.

import { expect, test } from "bun:test";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import { seededRandom } from "#support/seeded-random.ts";
import { AwsEventStreamSplitter } from "#wire/aws-event-stream.ts";
import { FramingError } from "#wire/framing-error.ts";
import type { SseEvent } from "#wire/sse.ts";

const SEED = Number(process.env["SLUICE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const codec = new EventStreamCodec(
  (bytes) => decoder.decode(bytes as Uint8Array),
  (text) => encoder.encode(text),
);

function event(name: string, payload: string): Uint8Array {
  return codec.encode({
    headers: {
      ":message-type": { type: "string", value: "event" },
      ":event-type": { type: "string", value: name },
      ":content-type": { type: "string", value: "application/json" },
    },
    body: encoder.encode(payload),
  });
}

function split(bytes: Uint8Array, cuts: readonly number[]): SseEvent[] {
  const splitter = new AwsEventStreamSplitter();
  const frames: SseEvent[] = [];
  let from = 0;
  for (const place of [...cuts, bytes.length]) {
    frames.push(...splitter.push(bytes.slice(from, place)));
    from = place;
  }
  return [...frames, ...splitter.end()];
}

test(`finds every damaged byte (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const stream = new Uint8Array(
    Buffer.concat([event("contentBlockDelta", '{"delta":{"text":"żółw"}}'), event("end", "{}")]),
  );
  for (let round = 0; round < 5_000; round += 1) {
    const damaged = stream.slice();
    const place = random.below(damaged.length);
    damaged[place] = (damaged[place] ?? 0) ^ (1 + random.below(255));
    expect(() => split(damaged, [random.below(damaged.length)])).toThrow(FramingError);
  }
});

test(`takes no noise for a message (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < 2_000; round += 1) {
    const noise = random.bytes(1 + random.below(200));
    expect(() => split(noise, [])).toThrow(FramingError);
  }
});

test(`reads what Amazon's encoder writes, however it is cut (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < 500; round += 1) {
    const payloads = Array.from({ length: random.below(6) }, () =>
      JSON.stringify({ text: "é".repeat(random.below(2_000)) }),
    );
    const messages = payloads.map((payload, index) => event(`event-${index}`, payload));
    const bytes = new Uint8Array(Buffer.concat(messages));
    const cuts = Array.from({ length: 8 }, () => random.below(bytes.length + 1));
    cuts.sort((left, right) => left - right);
    const frames = split(bytes, cuts);
    expect(frames.map(({ data }) => data)).toEqual(payloads);
    expect(new Uint8Array(Buffer.concat(frames.map(({ raw }) => raw)))).toEqual(bytes);
  }
});
