// Every recorded request and reply with one value in it that nobody expects there: a translation is made
// of it, or it is refused as the caller's mistake, but nothing breaks.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import { sampleClient } from "#dialects/sample-contexts.ts";
import { decodeStream, encodeStream, grammarFaults } from "#dialects/sample-streams.ts";
import { type SeededRandom, seededRandom } from "#support/seeded-random.ts";
import { CORNERS, type Corner, neutralOf, readBack, targetOf, writtenFor } from "./corners.ts";
import { hasCorpus } from "./recordings.ts";
import { loadSamples, type SampledReply, type SampledRequest } from "./samples.ts";

const { requests, replies } = loadSamples();

/** Given when a run failed: `SLUICE_SEED=… npm test -- test/corpus/strange-values.test.ts`. */
const SEED = Number(process.env["SLUICE_SEED"] ?? Date.now() % 1_000_000);
/** Undefined takes the value away. */
const STRANGE: readonly (Json | undefined)[] = [
  ...[null, 0, -1, 1.5, "", "x", true],
  ...[[], {}, [[]], [null], { a: {} }, undefined],
];
/** Members in which a caller may write what it likes. */
const FREE = new Set(["parameters", "input_schema", "parametersJsonSchema", "inputSchema"]);
const REFUSALS = new Set(["invalid_request", "unsupported_feature", "not_available"]);

describe.skipIf(!hasCorpus)(`recordings with a strange value (seed ${SEED})`, () => {
  const random = seededRandom(SEED);

  test("are translated or refused as requests", () => {
    const broken = CORNERS.flatMap((from) =>
      requests
        .filter(({ dialect, status }) => dialect === from.id && status === 200)
        .flatMap((request) => brokenRequests(from, request, random)),
    );
    expect(broken).toEqual([]);
  }, 120_000);

  test("are translated as replies", () => {
    const broken = CORNERS.flatMap((from) =>
      replies
        .filter(({ dialect, status }) => dialect === from.id && status === 200)
        .flatMap((reply) => brokenReplies(from, reply, random)),
    );
    expect(broken).toEqual([]);
  }, 120_000);
});

/** A copy with one value replaced, and which. */
interface Changed {
  readonly body: JsonObject;
  readonly what: string;
}

function change(body: JsonObject, random: SeededRandom): Changed {
  const copy = structuredClone(body);
  const [holder, key] = random.pick(placesIn(copy));
  const value = structuredClone(random.pick(STRANGE));
  if (Array.isArray(holder)) holder.splice(Number(key), 1, ...(value === undefined ? [] : [value]));
  else if (value === undefined) delete holder[key];
  else holder[key] = value;
  return { body: copy, what: `${key} = ${JSON.stringify(value)}` };
}

function placesIn(value: Json): (readonly [holder: JsonObject | Json[], key: string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    FREE.has(key) ? [] : [[value, key] as const, ...placesIn(inner ?? null)],
  );
}

function brokenRequests(from: Corner, request: SampledRequest, random: SeededRandom): string[] {
  const { body, what } = change(request.body, random);
  const told = (to: string) => `${from.id} -> ${to}, ${request.name}, ${what}`;
  return CORNERS.filter((to) => to !== from).flatMap((to) =>
    faultOf(told(to.id), () => {
      const neutral = neutralOf(from, { ...request, body });
      const written = writtenFor(to, neutral, targetOf(to, neutral));
      readBack(to, written.body, false);
    }),
  );
}

function brokenReplies(from: Corner, reply: SampledReply, random: SeededRandom): string[] {
  if (reply.whole !== undefined)
    return brokenWholes(from, { ...reply, whole: reply.whole }, random);
  const changed = changedStream(reply.stream ?? "", random);
  if (changed === undefined) return [];
  const told = `${from.id}, ${reply.name}, ${changed.what}`;
  return faultOf(told, () => {
    const events = decodeStream(from.translation, changed.text);
    // A stream that failed or was cut off need not close what it opened.
    const isWhole = events.at(-1)?.type === "message-ended";
    if (isWhole) expect(grammarFaults(events)).toEqual([]);
    const context = sampleClient({ stream: true, wantsUsage: true });
    for (const to of CORNERS) encodeStream(to.translation, events, context);
  });
}

function brokenWholes(
  from: Corner,
  reply: SampledReply & { readonly whole: JsonObject },
  random: SeededRandom,
): string[] {
  const { body, what } = change(reply.whole, random);
  return faultOf(`${from.id}, ${reply.name}, ${what}`, () => {
    from.dialect.inspect(body, "generate");
    const neutral = from.translation.replyToNeutral(body);
    for (const to of CORNERS) to.translation.replyFromNeutral(neutral, sampleClient());
  });
}

/** The stream with one value of one event replaced; undefined when it has no such event. */
function changedStream(stream: string, random: SeededRandom) {
  const lines = stream.split("\n");
  const events = lines.flatMap((line, at) => {
    const body = line.startsWith("data: {") ? asObject(JSON.parse(line.slice(6))) : undefined;
    return body === undefined || Object.keys(body).length === 0 ? [] : [{ at, body }];
  });
  if (events.length === 0) return undefined;
  const { at, body } = random.pick(events);
  const changed = change(body, random);
  lines[at] = `data: ${JSON.stringify(changed.body)}`;
  return { text: lines.join("\n"), what: `line ${at}: ${changed.what}` };
}

function faultOf(told: string, act: () => void): string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof GatewayError && REFUSALS.has(error.code)) return [];
    return [`${told}: ${error instanceof Error ? error.stack : String(error)}`];
  }
}
