// Every recorded request and reply through its own dialect: on the road that the same dialect takes, with
// edits alone, and through the neutral form, which it takes where Sluice stands in for a model.

import { describe, expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "#core/json.ts";
import type { NeutralReply, NeutralRequest } from "#dialects/neutral.ts";
import { sampleClient, sampleUpstream } from "#dialects/sample-contexts.ts";
import { collectStream, encodeStream, grammarFaults } from "#dialects/sample-streams.ts";
import { providerKindOf } from "#providers/list.ts";
import { applyEdits } from "#wire/edit-body.ts";
import { splitterOf } from "#wire/frame-splitter.ts";
import { parseBody } from "#wire/json-body.ts";
import { CORNERS, type Corner, factsOf, homeOf, isAnswered, neutralOf } from "./corners.ts";
import { explain } from "./explanations.ts";
import { canonicalRequest } from "./own-forms.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { loadSamples, type SampledReply, type SampledRequest } from "./samples.ts";
import { EQUAL, type Outcome, Tally } from "./tally.ts";

const { requests, replies } = loadSamples();
if (!hasCorpus) console.warn(NO_CORPUS);

describe.skipIf(!hasCorpus)("recordings in their own dialect", () => {
  test("requests are equal but for the permitted edits, and equal through the neutral form", () => {
    const tally = new Tally("own");
    for (const corner of CORNERS) {
      for (const request of requests.filter(({ dialect }) => dialect === corner.id)) {
        tally.add(`${corner.id} requests, edited`, request.name, judgeEdits(corner, request));
        if (!isAnswered(request)) continue;
        tally.add(`${corner.id} requests, neutral`, request.name, judgeRequest(corner, request));
      }
      for (const reply of replies.filter(({ dialect }) => dialect === corner.id)) {
        if (reply.status !== 200) continue;
        const cell = reply.whole === undefined ? "streams" : "replies";
        tally.add(`${corner.id} ${cell}, neutral`, reply.name, judgeReply(corner, reply));
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.belowFloor).toEqual([]);
    expect(tally.isOverExplained).toBe(false);
  }, 60_000);
});

function judgeEdits(corner: Corner, request: SampledRequest): Outcome {
  const body = parseBody(new TextEncoder().encode(JSON.stringify(request.body)));
  const edits = corner.dialect.edits(factsOf(corner, request, body.json), request.model, body.json);
  const edited: JsonObject = JSON.parse(applyEdits(body, edits));
  const names = new Set([...Object.keys(edited), ...Object.keys(request.body)]);
  const changed = [...names].filter((name) => {
    return !edits.has(name) && !isDeepStrictEqual(edited[name], request.body[name]);
  });
  return changed.length === 0 ? EQUAL : { kind: "failed", why: `changed ${changed.join(", ")}` };
}

function judgeRequest(corner: Corner, request: SampledRequest): Outcome {
  const home = homeOf(corner, request);
  const kind = providerKindOf(home.kind);
  const traits = kind.traits(home.model);
  const upstream = sampleUpstream({ ...home, traits, stateOrigins: kind.stateOrigins });
  try {
    const neutral = neutralOf(corner, request);
    const written = corner.translation.requestFromNeutral(neutral, upstream);
    const again = { ...request, body: { ...written, model: request.model } };
    const found = SAID_IN_MANY_WAYS.has(corner.id)
      ? pathsThatDiffer(carried(neutral), carried(neutralOf(corner, again)), "")
      : pathsThatDiffer(
          canonicalRequest(corner.id, request.body),
          canonicalRequest(corner.id, written),
          "",
        );
    return explained(corner, { found, notices: upstream.notices, sample: request.name });
  } catch (error) {
    const found = [error instanceof Error ? error.message : String(error)];
    return explained(corner, { found, notices: upstream.notices, sample: request.name });
  }
}

/**
 * Dialects with several items for the same thing (a string or a message, namespaces or names, tools in
 * the request or between the turns): equal is what reads the same.
 */
const SAID_IN_MANY_WAYS: ReadonlySet<string> = new Set(["openai-responses"]);

function carried({ extras: _extras, ...request }: NeutralRequest): unknown {
  return JSON.parse(JSON.stringify(request));
}

/** Paths without indexes, since what differs in one item differs in all. */
function pathsThatDiffer(one: unknown, other: unknown, path: string): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return one.flatMap((item, index) => pathsThatDiffer(item, other[index], `${path}[]`));
  }
  if (!isPlain(one) || !isPlain(other)) return [path];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => pathsThatDiffer(one[name], other[name], `${path}.${name}`));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function explained(
  corner: Corner,
  given: { found: readonly string[]; notices: readonly string[]; sample: string },
): Outcome {
  const reasons = new Set<string>();
  for (const what of given.found) {
    const { notices, sample } = given;
    const about = { about: "own", what, from: corner.id, to: corner.id, notices, sample } as const;
    const reason = explain(about);
    if (reason === undefined) return { kind: "failed", why: given.found.join(", ") };
    reasons.add(reason);
  }
  return reasons.size === 0 ? EQUAL : { kind: "explained", reason: [...reasons].join("; ") };
}

function judgeReply(corner: Corner, reply: SampledReply): Outcome {
  const { translation } = corner;
  if (reply.whole !== undefined) {
    const first = translation.replyToNeutral(reply.whole);
    const second = translation.replyToNeutral(translation.replyFromNeutral(first, sampleClient()));
    return sameOrExplained(corner, reply, [comparable(first), comparable(second)]);
  }
  const first = eventsOf(corner, reply);
  const faults = grammarFaults(first);
  if (faults.length > 0) return { kind: "failed", why: faults.join("; ") };
  if (first.at(-1)?.type === "faulted") return EQUAL;
  const client = sampleClient({ stream: true, wantsUsage: true });
  const text = encodeStream(translation, first, client);
  const second = eventsOf(corner, { stream: text });
  const [wanted, got] = [collectStream(first), collectStream(second)];
  return sameOrExplained(corner, reply, [comparable(wanted), comparable(got)]);
}

function eventsOf(corner: Corner, { stream, bytes }: Pick<SampledReply, "stream" | "bytes">) {
  const framing = bytes === undefined ? "sse" : (corner.dialect.streamFraming ?? "sse");
  const splitter = splitterOf(framing);
  const frames = [...splitter.push(bytes ?? new TextEncoder().encode(stream)), ...splitter.end()];
  const decoder = corner.translation.decoder();
  return [...frames.flatMap((frame) => decoder.decode(frame)), ...(decoder.end?.() ?? [])];
}

/** Not told to clients: a vendor's own word for a stop, and what only the price depends on. */
const NOT_TOLD = new Set(["vendorStop", "isAtOtherTier"]);

function comparable(answer: Pick<NeutralReply, "choices">): unknown {
  return JSON.parse(
    JSON.stringify(answer, (name, value) => (NOT_TOLD.has(name) ? undefined : value)),
  );
}

function sameOrExplained(
  corner: Corner,
  { name }: SampledReply,
  [wanted, got]: readonly [unknown, unknown],
): Outcome {
  const found = [...new Set(pathsThatDiffer(wanted, got, ""))];
  return explained(corner, { found, notices: [], sample: name });
}
