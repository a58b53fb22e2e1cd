// Every recorded reply, translated for clients of every other dialect: what an independent reader of the
// vendor's dialect finds in the recording, one of the client's finds in the translation.

import { describe, expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import { GatewayError } from "#core/errors.ts";
import type { NeutralEvent } from "#dialects/neutral.ts";
import { sampleClient } from "#dialects/sample-contexts.ts";
import { encodeStream } from "#dialects/sample-streams.ts";
import { splitterOf } from "#wire/frame-splitter.ts";
import { awsFrame } from "./aws-frames.ts";
import { CORNERS, type Corner } from "./corners.ts";
import { explain } from "./explanations.ts";
import { valuesOf } from "./oracle/events.ts";
import { type ClientReading, type GivenReply, hasReader, readAsClient } from "./readers/ai-sdk.ts";
import { citedAddresses } from "./readers/cited-addresses.ts";
import { completed } from "./readers/completed.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { loadSamples, type SampledReply } from "./samples.ts";
import { EQUAL, type Outcome, Tally } from "./tally.ts";

const { replies } = loadSamples();
if (!hasCorpus) console.warn(NO_CORPUS);

/** Clients speak these; the other dialects are spoken by upstreams alone. */
const CLIENTS = CORNERS.filter(({ isSpokenByClients }) => isSpokenByClients);

describe.skipIf(!hasCorpus)("recorded replies for clients of other dialects", () => {
  test("are read the same by a reader of either side", async () => {
    const tally = new Tally("replies");
    for (const from of CORNERS.filter(({ id }) => hasReader(id))) {
      for (const reply of replies.filter(({ dialect }) => dialect === from.id)) {
        if (reply.status !== 200) continue;
        const wanted = await readingOf(from, reply);
        // Where the reader gives up on the vendor's own reply there is nothing to compare with.
        if (wanted === undefined) continue;
        for (const to of CLIENTS) {
          if (to === from) continue;
          const cell = `${from.id} -> ${to.id}`;
          tally.add(cell, reply.name, await judge({ from, to, reply, wanted }));
        }
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.belowFloor).toEqual([]);
    expect(tally.isOverExplained).toBe(false);
  }, 60_000);
});

interface Reading extends ClientReading {
  readonly cited: readonly string[];
}

/** What a reader makes of it; undefined when the reader itself gives up on the vendor's own reply. */
async function readingOf(from: Corner, reply: SampledReply): Promise<Reading | undefined> {
  const vendor = reply.name.split("/")[1]?.replace(/-chat$/, "") ?? "";
  try {
    return await read(from, givenOf(from, reply), vendor);
  } catch {
    return undefined;
  }
}

async function read(corner: Corner, given: GivenReply, vendor = ""): Promise<Reading> {
  const values = valuesIn(corner, given);
  const reading = completed(corner.id, values, await readAsClient(corner.id, given, vendor));
  return { ...reading, cited: citedAddresses(values) };
}

function valuesIn({ dialect }: Corner, { body, isStream }: GivenReply): unknown[] {
  if (typeof body === "string") return isStream ? valuesOf(body) : [JSON.parse(body)];
  const frames = splitterOf(dialect.streamFraming ?? "sse").push(body);
  return frames.map(({ data }) => JSON.parse(data));
}

function givenOf(from: Corner, { whole, stream, bytes }: SampledReply): GivenReply {
  if (whole !== undefined) return { body: JSON.stringify(whole), isStream: false };
  if (bytes !== undefined) return { body: bytes, isStream: true };
  if (from.dialect.streamFraming !== "aws-event-stream") {
    return { body: stream ?? "", isStream: true };
  }
  const events = splitterOf("sse").push(new TextEncoder().encode(stream));
  return {
    body: Buffer.concat(events.map(({ name, data }) => awsFrame(name, data))),
    isStream: true,
  };
}

interface Pair {
  readonly from: Corner;
  readonly to: Corner;
  readonly reply: SampledReply;
  readonly wanted: Reading;
}

async function judge(pair: Pair): Promise<Outcome> {
  const { from, to, reply, wanted } = pair;
  const context = sampleClient({
    stream: reply.whole === undefined,
    wantsUsage: true,
    dialect: to.id,
  });
  try {
    const given = translated(from, to, reply, context);
    const got = await read(to, given);
    const found = differences(wanted, got);
    return explained(pair, found, context.notices, told(found, wanted, got));
  } catch (error) {
    return { kind: "failed", why: `threw ${error instanceof Error ? error.stack : error}` };
  }
}

function translated(
  from: Corner,
  to: Corner,
  { whole, stream, bytes }: SampledReply,
  context: ReturnType<typeof sampleClient>,
): GivenReply {
  if (whole !== undefined) {
    const written = to.translation.replyFromNeutral(
      from.translation.replyToNeutral(whole),
      context,
    );
    return { body: JSON.stringify(written), isStream: false };
  }
  const framing = bytes === undefined ? "sse" : (from.dialect.streamFraming ?? "sse");
  const splitter = splitterOf(framing);
  const frames = [...splitter.push(bytes ?? new TextEncoder().encode(stream)), ...splitter.end()];
  const decoder = from.translation.decoder();
  const events = [...frames.flatMap((frame) => decoder.decode(frame)), ...(decoder.end?.() ?? [])];
  const body = encodeStream(to.translation, events.filter(isNoFault), context);
  const fault = events.find((event) => event.type === "faulted");
  if (fault === undefined) return { body, isStream: true };
  // As the gateway ends a stream whose upstream failed.
  const error = new GatewayError("upstream_failed", fault.fault.message);
  return { body: body + to.dialect.faultFrames(error, "req_corpus", "sse"), isStream: true };
}

function isNoFault(event: NeutralEvent): boolean {
  return event.type !== "faulted";
}

const MEMBERS = ["text", "reasoning", "calls", "cited", "stop"] as const;
type Member = (typeof MEMBERS)[number] | "usage" | "faults";

function differences(wanted: Reading, got: Reading): Member[] {
  const found: Member[] = MEMBERS.filter((name) => !isDeepStrictEqual(wanted[name], got[name]));
  if (!isSameUsage(wanted.usage, got.usage)) found.push("usage");
  const isFaulted = wanted.faults.length > 0;
  if (isFaulted !== got.faults.length > 0) found.push("faults");
  // Behind an error no reader looks for a stop.
  return isFaulted ? found.filter((name) => name !== "stop") : found;
}

/** What one of two readers does not tell is no difference; 0 and nothing are the same to both. */
function isSameUsage(wanted: Reading["usage"], got: Reading["usage"]): boolean {
  const isSameReasoning =
    wanted.reasoning === undefined ||
    got.reasoning === undefined ||
    wanted.reasoning === got.reasoning;
  return (
    isSameReasoning &&
    (wanted.input ?? 0) === (got.input ?? 0) &&
    (wanted.cacheRead ?? 0) === (got.cacheRead ?? 0) &&
    (wanted.output ?? 0) === (got.output ?? 0)
  );
}

function explained(
  { from, to, reply }: Pair,
  found: readonly Member[],
  notices: readonly string[],
  why: string,
): Outcome {
  const reasons = new Set<string>();
  for (const what of found) {
    const about = { about: "reply", what, from: from.id, to: to.id, notices } as const;
    const reason = explain({ ...about, sample: reply.name });
    if (reason === undefined) return { kind: "failed", why: `${what}; ${why}` };
    reasons.add(reason);
  }
  return reasons.size === 0 ? EQUAL : { kind: "explained", reason: [...reasons].join("; ") };
}

function told(found: readonly Member[], wanted: Reading, got: Reading): string {
  return found
    .map((name) => {
      const [one, other] = [JSON.stringify(wanted[name]), JSON.stringify(got[name])];
      return `${name}: ${one.slice(-180)} became ${other.slice(-180)}`;
    })
    .join(" | ");
}
