// What vendors want back unread, through clients of every other dialect: the client gets the recorded
// answer, keeps it as its history and goes on; the vendor finds each of its own values on the same part.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import type { NeutralChoice, NeutralEvent, NeutralReply, Part } from "#dialects/neutral.ts";
import { sampleClient } from "#dialects/sample-contexts.ts";
import { collectStream, decodeStream, encodeStream } from "#dialects/sample-streams.ts";
import { CORNERS as CLIENTS, type Corner as Client } from "#support/square-corners.ts";
import { splitterOf } from "#wire/frame-splitter.ts";
import { CORNERS, type Corner, readBack, type Written, writtenFor } from "./corners.ts";
import { explain } from "./explanations.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { loadSamples, type SampledReply } from "./samples.ts";
import { EQUAL, type Outcome, Tally } from "./tally.ts";

const { replies } = loadSamples();
if (!hasCorpus) console.warn(NO_CORPUS);

describe.skipIf(!hasCorpus)("the state of vendors in recorded answers", () => {
  test("comes back to the same part through clients of every other dialect", () => {
    const tally = new Tally("state");
    for (const from of CORNERS) {
      for (const reply of replies.filter(({ dialect }) => dialect === from.id)) {
        if (reply.status !== 200) continue;
        const answer = answerOf(from, reply);
        const wanted = sealedParts(answer.choices[0], from);
        if (wanted.length === 0) continue;
        for (const to of CORNERS.filter(({ isSpokenByClients }) => isSpokenByClients)) {
          if (to === from) continue;
          const outcome = judge({ from, to, reply }, wanted);
          tally.add(`${from.id} through ${to.id}`, reply.name, outcome);
        }
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.belowFloor).toEqual([]);
    expect(tally.isOverExplained).toBe(false);
  }, 60_000);
});

interface Journey {
  readonly from: Corner;
  readonly to: Corner;
  readonly reply: SampledReply;
}

/** A part with state, by what a reader of it sees. */
interface SealedPart {
  readonly said: string;
  readonly states: readonly string[];
}

function answerOf(from: Corner, reply: SampledReply): Pick<NeutralReply, "choices"> {
  if (reply.whole !== undefined) return from.translation.replyToNeutral(reply.whole);
  return collectStream(eventsOf(from, reply));
}

function eventsOf(from: Corner, { stream, bytes }: SampledReply): NeutralEvent[] {
  if (bytes === undefined) return decodeStream(from.translation, stream ?? "");
  const splitter = splitterOf(from.dialect.streamFraming ?? "sse");
  const decoder = from.translation.decoder();
  return splitter.push(bytes).flatMap((frame) => decoder.decode(frame));
}

/** Raw members are no state that has to come back: they say how a part was written. */
function sealedParts(choice: NeutralChoice | undefined, from: Corner): SealedPart[] {
  return (choice?.parts ?? []).flatMap((part) => {
    const own = (part.providerState ?? []).filter(({ origin, kind }) => {
      return origin === from.id && kind !== "raw";
    });
    const states = own.map(({ kind, value }) => `${kind} ${value}`);
    return states.length === 0 ? [] : [{ said: saidIn(part), states }];
  });
}

function saidIn(part: Part): string {
  if (part.kind === "tool-call") {
    return `${part.name} ${JSON.stringify(JSON.parse(part.argumentsJson || "{}"))}`;
  }
  return "text" in part ? `${part.kind} ${part.text}` : part.kind;
}

function judge(journey: Journey, wanted: readonly SealedPart[]): Outcome {
  const { from, to, reply } = journey;
  try {
    const history = nextCall(journey);
    const told = to.translation.requestToNeutral(
      history,
      to.dialect.read(history, { operation: "generate", model: "any", stream: false }),
    );
    const target = { kind: from.kind, model: from.models.reasoning };
    const sent = writtenFor(from, told, target);
    const got = arrivedParts(from, sent);
    const lost = wanted.filter(({ said, states }) => {
      // Pieces of one reasoning may come back as one.
      const isSame = (other: string) =>
        said.startsWith("reasoning ") ? other.endsWith(said.slice(10)) : other === said;
      return !got.some(
        (part) => isSame(part.said) && states.every((state) => part.states.includes(state)),
      );
    });
    if (lost.length === 0) return EQUAL;
    const about = { from: from.id, to: to.id, notices: sent.notices, sample: reply.name } as const;
    const reason = explain({
      about: "state",
      what: lost.map(({ said }) => said).join("; "),
      ...about,
    });
    if (reason !== undefined) return { kind: "explained", reason };
    return { kind: "failed", why: `lost ${JSON.stringify(lost).slice(0, 300)} of ${got.length}` };
  } catch (error) {
    return { kind: "failed", why: `threw ${error instanceof Error ? error.stack : error}` };
  }
}

/** The client's next call, with the answer in its history. */
function nextCall({ from, to, reply }: Journey): JsonObject {
  const client = CLIENTS.get(to.id);
  if (client === undefined) throw new Error(`${to.id} has no client.`);
  if (reply.whole !== undefined) {
    const neutral = from.translation.replyToNeutral(reply.whole);
    return client.next(to.translation.replyFromNeutral(neutral, sampleClient({ dialect: to.id })));
  }
  const context = sampleClient({ stream: true, dialect: to.id });
  const text = encodeStream(to.translation, eventsOf(from, reply), context);
  return client.next(keptByClient(client, text));
}

/** A client puts the pieces of a stream together and keeps the whole as history. */
function keptByClient(client: Client, text: string): JsonObject {
  if (client.keep !== undefined) {
    const frames = text.split("\n\n").filter((frame) => frame.startsWith("data: {"));
    return client.keep(frames.map((frame) => JSON.parse(frame.slice("data: ".length))));
  }
  const { choices, usage } = collectStream(decodeStream(client.translation, text));
  const reply = { origin: client.dialect.id, id: "", model: "", createdAt: 0, choices, usage };
  return client.translation.replyFromNeutral(reply, sampleClient());
}

function arrivedParts(from: Corner, { body }: Written): SealedPart[] {
  const { turns } = readBack(from, body, false);
  return turns
    .filter(({ role }) => role === "assistant")
    .flatMap(({ parts }) => {
      return sealedParts({ index: 0, parts, stop: "end", vendorStop: "" }, from);
    });
}
