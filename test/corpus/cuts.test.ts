// Every recorded stream, cut into chunks of bytes anywhere and joined again: the same events, and the
// same frames for a client. Each is cut at all bytes at once, small ones also
// at every single byte, large ones at places drawn by a seed.

import { describe, expect, test } from "bun:test";
import type { NeutralEvent } from "#dialects/neutral.ts";
import { sampleClient } from "#dialects/sample-contexts.ts";
import { encodeStream } from "#dialects/sample-streams.ts";
import { seededRandom } from "#support/seeded-random.ts";
import { splitterOf } from "#wire/frame-splitter.ts";
import { CORNERS, type Corner } from "./corners.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { loadSamples, type SampledReply } from "./samples.ts";
import { EQUAL, type Outcome, Tally } from "./tally.ts";

const { replies } = loadSamples();
if (!hasCorpus) console.warn(NO_CORPUS);

/** Streams up to this size are cut in two at every byte. */
const SMALL_BYTES = 2000;
const DRAWN_CUTS = 24;
/** Given when a run failed: `SLUICE_SEED=… npm test -- test/corpus/cuts.test.ts`. */
const SEED = Number(process.env["SLUICE_SEED"] ?? Date.now() % 1_000_000);

describe.skipIf(!hasCorpus)("recorded streams in pieces", () => {
  test(`give the same output however they are cut (seed ${SEED})`, () => {
    const tally = new Tally("cuts");
    for (const corner of CORNERS) {
      for (const reply of replies.filter(({ dialect }) => dialect === corner.id)) {
        if (reply.whole === undefined) tally.add(corner.id, reply.name, judge(corner, reply));
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.belowFloor).toEqual([]);
  }, 60_000);
});

function judge(corner: Corner, { stream, bytes, name }: SampledReply): Outcome {
  const all = bytes ?? new TextEncoder().encode(stream);
  const framing = bytes === undefined ? "sse" : (corner.dialect.streamFraming ?? "sse");
  const read = (cuts: readonly number[]) => decoded(corner, { all, framing, cuts });
  const whole = read([]);
  const wanted = JSON.stringify(whole);
  const frames = encodeStream(corner.translation, whole, sampleClient({ stream: true }));
  const differs = cutsOf(all.length, name).find((cuts) => {
    const events = read(cuts);
    if (JSON.stringify(events) !== wanted) return true;
    return encodeStream(corner.translation, events, sampleClient({ stream: true })) !== frames;
  });
  return differs === undefined ? EQUAL : { kind: "failed", why: `cut at ${differs.join(", ")}` };
}

function decoded(
  corner: Corner,
  given: {
    readonly all: Uint8Array;
    readonly framing: Parameters<typeof splitterOf>[0];
    readonly cuts: readonly number[];
  },
): NeutralEvent[] {
  const splitter = splitterOf(given.framing);
  const decoder = corner.translation.decoder();
  const events: NeutralEvent[] = [];
  let from = 0;
  for (const to of [...given.cuts, given.all.length]) {
    for (const frame of splitter.push(given.all.slice(from, to)))
      events.push(...decoder.decode(frame));
    from = to;
  }
  for (const frame of splitter.end()) events.push(...decoder.decode(frame));
  return [...events, ...(decoder.end?.() ?? [])];
}

/** Lists of places, each a way to cut. */
function* waysToCut(length: number, name: string): Generator<number[]> {
  // Byte by byte.
  yield Array.from({ length: length - 1 }, (_, index) => index + 1);
  if (length <= SMALL_BYTES) {
    for (let place = 1; place < length; place += 1) yield [place];
    return;
  }
  const random = seededRandom(SEED + name.length * 7919 + length);
  const draw = () => 1 + random.below(length - 1);
  for (let way = 0; way < 3; way += 1) {
    const places = Array.from({ length: DRAWN_CUTS }, draw);
    yield [...new Set(places)].sort((one, other) => one - other);
  }
}

function cutsOf(length: number, name: string): number[][] {
  return [...waysToCut(length, name)];
}
