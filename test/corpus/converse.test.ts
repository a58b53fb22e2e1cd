// Recorded calls in Converse: those of Bedrock's own callers come out as they went in, and those of all
// others are such that Amazon's own client knows every member of them.

import { describe, expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import { GatewayError } from "#core/errors.ts";
import { asArray, asObject, type Json, type JsonObject } from "#core/json.ts";
import { bedrockConverse } from "#dialects/bedrock-converse/index.ts";
import { dialectOf } from "#dialects/list.ts";
import { sampleClient, sampleUpstream } from "#dialects/sample-contexts.ts";
import { bedrockTraits } from "#providers/traits/bedrock.ts";
import { readByAmazon, streamReadByAmazon, writtenByAmazon } from "#support/amazon-client.ts";
import { AwsEventStreamSplitter } from "#wire/aws-event-stream.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { loadSamples, type SampledRequest } from "./samples.ts";

const CONVERSE = "bedrock-converse";
const { requests, replies } = loadSamples();
const { translation } = bedrockConverse;
if (translation === undefined) throw new Error("Converse translates nothing.");
if (!hasCorpus) console.warn(NO_CORPUS);

function neutralOf({ dialect, body, model, isStream }: SampledRequest) {
  const spoken = dialectOf(dialect);
  const facts = spoken.read(body, { operation: "generate", model, stream: isStream });
  return spoken.translation?.requestToNeutral(body, facts);
}

function countOf(what: string, all: readonly unknown[], faults: readonly string[]): void {
  console.log(`${what}: ${all.length}, ${faults.length} differences`);
  expect(faults).toEqual([]);
  expect(all.length).toBeGreaterThan(0);
}

describe.skipIf(!hasCorpus)("recorded calls in Converse", () => {
  test("of Bedrock's own callers are written as they were, by Amazon's client too", async () => {
    const own = requests.filter(({ dialect }) => dialect === CONVERSE);
    const faults: string[] = [];
    for (const request of own) {
      const neutral = neutralOf(request);
      if (neutral === undefined) continue;
      const context = sampleUpstream({ stateOrigins: [CONVERSE] });
      const written = translation.requestFromNeutral(neutral, context);
      if (!isDeepStrictEqual(plain(written), plain(request.body))) faults.push(request.name);
      const judged = await writtenByAmazon(written);
      if (!isDeepStrictEqual(judged, plain(request.body))) faults.push(`${request.name} at Amazon`);
    }
    countOf("own requests", own, faults);
  });

  test.each([
    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "us.amazon.nova-2-lite-v1:0",
    "openai.gpt-oss-120b-1:0",
  ])(
    "of all other callers hold nothing that Amazon's client does not know, for %s",
    async (model) => {
      const others = requests.filter(({ dialect }) => dialect !== CONVERSE);
      const faults: string[] = [];
      const refused = new Map<string, number>();
      let written = 0;
      for (const request of others) {
        try {
          const neutral = neutralOf(request);
          if (neutral === undefined) continue;
          const context = sampleUpstream({ traits: bedrockTraits(model), model });
          const body = translation.requestFromNeutral(neutral, context);
          faults.push(...orderFaults(body).map((fault) => `${request.name}: ${fault}`));
          const judged = await writtenByAmazon(body);
          if (!isDeepStrictEqual(judged, plain(body))) faults.push(request.name);
          written += 1;
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          const why = `${error.code} ${error.message.replace(/\(.*?\)|"[^"]*"/g, "…").slice(0, 90)}`;
          refused.set(why, (refused.get(why) ?? 0) + 1);
        }
      }
      const sum = [...refused.values()].reduce((total, count) => total + count, 0);
      console.log(`${model}: ${written} written, ${sum} refused for ${refused.size} reasons`);
      countOf(`requests of others for ${model}`, others, faults);
    },
    120_000,
  );

  test("are answered as Amazon's client reads it", async () => {
    const own = replies.filter(({ dialect, status }) => dialect === CONVERSE && status === 200);
    const whole = own.flatMap(({ name, whole: body }) =>
      body === undefined ? [] : [{ name, body }],
    );
    const faults: string[] = [];
    for (const { name, body } of whole.filter(({ body: one }) => one["output"] !== undefined)) {
      const again = translation.replyFromNeutral(translation.replyToNeutral(body), sampleClient());
      const [given, got] = await Promise.all([readByAmazon(body), readByAmazon(again)]);
      if (!isDeepStrictEqual(withoutTypes(got.output), withoutTypes(given.output)))
        faults.push(name);
      if (got.stopReason !== given.stopReason) faults.push(`${name}: ${got.stopReason}`);
      const totals = [got.usage?.totalTokens, given.usage?.totalTokens];
      if (totals[0] !== totals[1]) faults.push(`${name}: ${totals.join()}`);
    }
    countOf("whole replies", whole, faults);
  });

  test("are streamed in the frames that Amazon's client reads, at whatever byte they are cut", async () => {
    const binary = replies.flatMap(({ name, bytes }) =>
      bytes === undefined ? [] : [{ name, bytes }],
    );
    const faults: string[] = [];
    for (const { name, bytes } of binary) {
      const events = await streamReadByAmazon(bytes);
      const whole = new AwsEventStreamSplitter().push(bytes);
      if (whole.length !== events.length) faults.push(`${name}: ${whole.length} frames`);
      const splitter = new AwsEventStreamSplitter();
      const bytewise = Array.from(bytes, (byte) => splitter.push(Uint8Array.of(byte))).flat();
      if (!isDeepStrictEqual(bytewise, whole)) faults.push(`${name}: cut`);
    }
    countOf("binary streams", binary, faults);
  });
});

/** As JSON has it, without members that are undefined. */
function plain(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/** Claude's calls say that they are calls, others' do not. */
function withoutTypes(output: unknown): unknown {
  return JSON.parse(
    JSON.stringify(output)
      .replaceAll(',"type":"tool_use"', "")
      .replaceAll('"type":"tool_use",', ""),
  );
}

const ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** What Bedrock answers 400 to: roles that do not alternate, results out of place, blanks, bad names. */
function orderFaults(body: JsonObject): string[] {
  const faults: string[] = [];
  const names = new Set<Json | undefined>();
  let role = "assistant";
  let called = new Set<Json | undefined>();
  for (const entry of asArray(body["messages"])) {
    const message = asObject(entry) ?? {};
    if (message["role"] === role) faults.push(`two turns of the ${role}`);
    role = String(message["role"]);
    const blocks = asArray(message["content"]).map((block) => asObject(block) ?? {});
    if (blocks.length === 0) faults.push("an empty turn");
    const seen = new Set<Json | undefined>();
    let isBehind = false;
    for (const block of blocks) {
      const call = asObject(block["toolUse"]);
      const result = asObject(block["toolResult"]);
      if (call !== undefined) seen.add(call["toolUseId"]);
      if (!ID.test(String((call ?? result)?.["toolUseId"] ?? "x"))) faults.push("an id");
      if (result !== undefined && isBehind) faults.push("a result behind other content");
      if (result !== undefined && !called.has(result["toolUseId"]))
        faults.push("a result of no call");
      isBehind ||= result === undefined && block["cachePoint"] === undefined;
      if (block["text"] !== undefined && String(block["text"]).trim() === "")
        faults.push("a blank");
      const document = asObject(block["document"]);
      if (document === undefined) continue;
      if (names.has(document["name"])) faults.push("a name twice");
      names.add(document["name"]);
      if (!/^[A-Za-z0-9()[\]-]+(?: [A-Za-z0-9()[\]-]+)*$/.test(String(document["name"]))) {
        faults.push(`the name ${document["name"]}`);
      }
    }
    called = seen;
  }
  const hasCalls = JSON.stringify(body["messages"]).includes('"toolUse"');
  if (hasCalls && body["toolConfig"] === undefined) faults.push("calls without tools");
  return faults;
}
