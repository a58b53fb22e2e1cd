// Recorded exchanges of vendors that imitate OpenAI's chat API, each through a provider of its own kind:
// the client gets the recorded reply, the upstream the recorded request but for the permitted edits, the
// record the usage as the vendor means it. And Cohere's own API, which no client speaks: what is read of a
// request or a reply is written back as it was.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { asArray, asCount, asNumber, asObject, asString, type JsonObject } from "#core/json.ts";
import { dialectOf } from "#dialects/list.ts";
import { sampleClient, sampleFacts, sampleUpstream } from "#dialects/sample-contexts.ts";
import { collectStream, decodeStream } from "#dialects/sample-streams.ts";
import { type RecordedReply, replay } from "#support/upstream/upstream.ts";
import {
  CALLER_KEY,
  PROVIDER_KEY,
  startVendorBench,
  usageOf,
  type VendorBench,
} from "../gateway/vendor-bench.ts";
import { eventsOf, valuesOf } from "./oracle/events.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";

const ROOT = process.env["SLUICE_CORPUS"] ?? "";
if (!hasCorpus) console.warn(NO_CORPUS);

/** Provider of each folder of exchanges; the base URL is what stands before its path. */
const KINDS: Readonly<Record<string, string>> = {
  "groq-chat": "groq",
  "mistral-chat": "mistral",
  "deepseek-chat": "deepseek",
  "cerebras-chat": "cerebras",
  "huggingface-chat": "huggingface",
  "zai-chat": "zai",
  "openrouter-chat": "openrouter",
  "deepseek-responses": "deepseek",
  "openrouter-responses": "openrouter",
};
/** Kind of each folder of raw replies in OpenAI's form. */
const REPLY_KINDS: Readonly<Record<string, string>> = {
  alibaba: "alibaba",
  deepseek: "deepseek",
  groq: "groq",
  mistral: "mistral",
  moonshotai: "moonshot",
  "openai-compatible": "openai-compatible",
  perplexity: "perplexity",
  xai: "xai",
};
const PATHS = ["/chat/completions", "/responses"] as const;
/** What stands before it where that is not `/v1`. */
const BASES: Readonly<Record<string, string>> = { groq: "/openai/v1", deepseek: "" };

interface Exchange {
  readonly name: string;
  readonly kind: string;
  /** Before `path`. */
  readonly base: string;
  readonly path: (typeof PATHS)[number];
  readonly body: JsonObject;
  readonly reply: RecordedReply;
}

function exchangesOf(folder: string): Exchange[] {
  const path = join(ROOT, "exchanges", folder);
  return filesIn(path).flatMap((file) => {
    const { request, response } = JSON.parse(readFileSync(join(path, file), "utf8"));
    const body = asObject(request.body.json);
    const end = PATHS.find((candidate) => request.path.endsWith(candidate));
    if (body === undefined || end === undefined) return [];
    const base = request.path.slice(0, -end.length);
    const kind = KINDS[folder] ?? "";
    return [{ name: `${folder}/${file}`, kind, base, path: end, body, reply: response }];
  });
}

function filesIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path).sort() : [];
}

/** Raw replies as exchanges that a plain question was answered by. */
function repliesOf(folder: string): Exchange[] {
  const path = join(ROOT, "replies", folder);
  return filesIn(path).flatMap((file): Exchange[] => {
    const text = readFileSync(join(path, file), "utf8");
    const isStream = !file.endsWith(".json");
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    const stream = `${lines.map((line) => `data: ${line}\n\n`).join("")}data: [DONE]\n\n`;
    const sse = file.endsWith(".sse") ? text : stream;
    const reply: RecordedReply = isStream
      ? { status: 200, headers: { "content-type": "text/event-stream" }, body: { text: sse } }
      : { status: 200, headers: {}, body: { json: JSON.parse(text) } };
    if (!/"(?:choices|error)"/.test(text)) return [];
    const messages = [{ role: "user", content: "Hello." }];
    const body = { model: "any-model", messages, ...(isStream && { stream: true }) };
    const kind = REPLY_KINDS[folder] ?? "";
    const base = BASES[kind] ?? "/v1";
    return [{ name: `${folder}/${file}`, kind, base, path: PATHS[0], body, reply }];
  });
}

const exchanges = hasCorpus ? Object.keys(KINDS).flatMap(exchangesOf) : [];
const replies = hasCorpus ? Object.keys(REPLY_KINDS).flatMap(repliesOf) : [];

/** One provider for each kind and base URL that occurs. */
function providerOf({ kind, base }: Exchange): string {
  return `${kind}${base}`.replace(/[^a-z0-9]+/gi, "-");
}

let bench: VendorBench;

describe.skipIf(!hasCorpus)("vendors that imitate OpenAI's chat API", () => {
  beforeAll(async () => {
    const all = [...exchanges, ...replies];
    bench = await startVendorBench((origin) => documentFor(origin, all));
  });
  afterAll(() => bench?.stop());

  test.each(Object.keys(KINDS))("%s: reply, request and usage are as recorded", async (folder) => {
    await compareAll(exchanges.filter(({ name }) => name.startsWith(`${folder}/`)));
  });

  test.each(Object.keys(REPLY_KINDS))("replies of %s pass as they are", async (folder) => {
    await compareAll(replies.filter(({ name }) => name.startsWith(`${folder}/`)));
  });

  test("every stop reason is one that is known", () => {
    const unknown = [...exchanges, ...replies].flatMap((exchange) => {
      if (exchange.reply.status !== 200 || exchange.path !== PATHS[0]) return [];
      const { stop, word } = stopOf(exchange);
      return stop === "unknown" && word !== "" ? [`${exchange.name}: ${word}`] : [];
    });
    expect(unknown).toEqual([]);
  });
});

async function compareAll(chosen: readonly Exchange[]): Promise<void> {
  const faults: string[] = [];
  for (const exchange of chosen) {
    for (const fault of await faultsOf(exchange)) faults.push(`${exchange.name}: ${fault}`);
  }
  console.log(`${chosen.length} recordings, ${faults.length} differences`);
  expect(faults).toEqual([]);
  expect(chosen.length).toBeGreaterThan(0);
}

async function faultsOf(exchange: Exchange): Promise<string[]> {
  const { base, path, body, reply } = exchange;
  const model = String(body["model"]);
  bench.upstream.clear();
  bench.upstream.always(model, replay(reply));
  const given = await fetch(`${bench.gateway.baseUrl}/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ ...body, model: `${providerOf(exchange)}/${model}` }),
  });
  const text = await given.text();
  const [seen] = bench.upstream.requests;
  if (seen === undefined) return [`never reached the upstream: ${given.status} ${text}`];
  const faults: string[] = [];
  if (!isDeepStrictEqual(seen.json, permittedEdits(exchange)))
    faults.push(`the upstream saw ${JSON.stringify(seen.json).slice(0, 400)}`);
  if (seen.target !== base + path) faults.push(`the upstream saw path ${seen.target}`);
  faults.push(...replyFaults(reply, given.status, text));
  if (reply.status !== 200 || hasFault(reply)) return faults;
  const wanted = usageRow(reply);
  const row = usageOf(await bench.lastDecision());
  if (wanted !== undefined && !isDeepStrictEqual(row, wanted))
    faults.push(`usage ${JSON.stringify(row)} instead of ${JSON.stringify(wanted)}`);
  return faults;
}

/** Streams are asked for their usage, but where the vendor refuses to be asked; nothing else changes. */
function permittedEdits({ kind, path, body }: Exchange): JsonObject {
  if (body["stream"] !== true || path !== PATHS[0]) return body;
  const { stream_options: options, ...rest } = body;
  if (kind === "mistral") return rest;
  return { ...rest, stream_options: { ...asObject(options), include_usage: true } };
}

function replyFaults({ status, body }: RecordedReply, got: number, text: string): string[] {
  // The error in it may come before anything has gone out: then the call fails as a whole.
  if (body.text !== undefined && hasFault({ status, headers: {}, body }))
    return /"(?:error|code)"/.test(text) && !text.includes("[DONE]") ? [] : ["a clean end"];
  if (got !== status) return [`recorded ${status}, got ${got} ${text}`];
  if (body.text === undefined)
    return isDeepStrictEqual(JSON.parse(text), body.json) ? [] : ["another reply"];
  const wanted = eventsOf(body.text);
  const given = eventsOf(text);
  // What only Sluice asked for is taken out again.
  const shown = (events: typeof wanted) =>
    events.filter(({ data }) => !isUsageAlone(data)).map(bare);
  return isDeepStrictEqual(shown(given), shown(wanted)) ? [] : ["another stream"];
}

function isUsageAlone(data: string): boolean {
  if (data === "[DONE]") return false;
  const chunk = asObject(JSON.parse(data));
  return chunk?.["usage"] != null && asArray(chunk["choices"]).length === 0;
}

/** An event without the usage that a client may not have asked for. */
function bare({ name, data }: { readonly name: string; readonly data: string }): unknown {
  if (data === "[DONE]") return data;
  const { usage: _usage, ...chunk } = JSON.parse(data) as JsonObject;
  return { name, chunk };
}

/** A stream that ends in an error is broken off in Sluice's own words. */
function hasFault({ body }: RecordedReply): boolean {
  return body.text === undefined
    ? asObject(body.json)?.["error"] !== undefined
    : valuesOf(body.text).some((value) => asObject(value)?.["error"] !== undefined);
}

/** The counters as the record has them; undefined when the vendor told none. */
function usageRow({ body }: RecordedReply): Record<string, number> | undefined {
  const chunks = body.text === undefined ? [body.json] : valuesOf(body.text);
  const told = chunks.map((value) => {
    const chunk = asObject(value);
    const owner = asObject(chunk?.["x_groq"]) ?? asObject(chunk?.["response"]);
    return asObject(chunk?.["usage"]) ?? asObject(owner?.["usage"]);
  });
  const usage = told.findLast((value) => value !== undefined);
  if (usage === undefined) return undefined;
  const input = asObject(usage["prompt_tokens_details"] ?? usage["input_tokens_details"]) ?? {};
  const output = asObject(usage["completion_tokens_details"] ?? usage["output_tokens_details"]);
  const cached = asCount(
    input["cached_tokens"] ??
      usage["prompt_cache_hit_tokens"] ??
      usage["num_cached_tokens"] ??
      usage["cached_tokens"],
  );
  const written = asCount(input["cache_write_tokens"]);
  const prompt = asCount(usage["prompt_tokens"] ?? usage["input_tokens"]);
  const reasoning = asCount(output?.["reasoning_tokens"]);
  const total = asNumber(usage["total_tokens"]) ?? 0;
  const counters = {
    input_tokens: prompt - cached - written,
    cache_read_tokens: cached,
    cache_write_5m_tokens: written,
    // xAI counts reasoning beside the completion: the total tells.
    output_tokens: Math.max(
      asCount(usage["completion_tokens"] ?? usage["output_tokens"]),
      total - prompt,
    ),
    reasoning_tokens: Math.max(reasoning, asCount(usage["reasoning_tokens"])),
    input_image_tokens: asCount(input["image_tokens"]),
    input_audio_tokens: asCount(input["audio_tokens"]),
  };
  return Object.fromEntries(Object.entries(counters).filter(([, count]) => count !== 0));
}

function stopOf({ reply }: Exchange): { stop: string; word: string } {
  const { translation, inspect } = dialectOf("openai-chat");
  if (translation === undefined) throw new Error("There is no translation.");
  if (reply.body.text !== undefined) {
    const [choice] = collectStream(decodeStream(translation, reply.body.text)).choices;
    return { stop: choice?.stop ?? "none", word: choice?.vendorStop ?? "" };
  }
  const choice = asObject(asArray(asObject(reply.body.json)?.["choices"])[0]);
  const word = asString(choice?.["finish_reason"]) ?? "";
  return { stop: inspect(asObject(reply.body.json), "generate").stop, word };
}

function documentFor(origin: string, all: readonly Exchange[]): string {
  const providers = new Map(all.map((exchange) => [providerOf(exchange), exchange]));
  const lines = [...providers].map(
    ([name, { kind, base }]) =>
      `  ${name}: { kind: ${kind}, base_url: "${origin}${base}", api_key: ${PROVIDER_KEY} }`,
  );
  return `version: 1
providers:
${lines.join("\n")}
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
unpriced_models: allow
`;
}

describe.skipIf(!hasCorpus)("Cohere's own API", () => {
  const dialect = dialectOf("cohere-chat");
  const { translation } = dialect;
  if (translation === undefined) throw new Error("There is no translation.");
  const recorded = filesIn(join(ROOT, "exchanges", "cohere-chat")).map((file) => {
    const path = join(ROOT, "exchanges", "cohere-chat", file);
    return { file, ...JSON.parse(readFileSync(path, "utf8")) };
  });

  test.each(recorded)("writes back the request that it read: $file", ({ request }) => {
    const body: JsonObject = request.body.json;
    const hints = { operation: "generate", model: "", stream: undefined } as const;
    const neutral = translation.requestToNeutral(body, dialect.read(body, hints));
    const upstream = sampleUpstream({ model: String(body["model"]) });
    expect(translation.requestFromNeutral(neutral, upstream)).toEqual(body);
    expect(upstream.notices).toEqual([]);
  });

  const wholes = [
    ...recorded.map(({ file, response }) => ({ file, body: response.body.json as JsonObject })),
    ...filesIn(join(ROOT, "replies", "cohere"))
      .filter((file) => file.endsWith(".json"))
      .map((file) => {
        const text = readFileSync(join(ROOT, "replies", "cohere", file), "utf8");
        return { file, body: JSON.parse(text) as JsonObject };
      }),
  ];
  test.each(wholes)("writes back the reply that it read: $file", ({ body }) => {
    const reply = translation.replyToNeutral(body);
    const written = translation.replyFromNeutral(reply, sampleClient(sampleFacts()));
    const { usage, ...rest } = body;
    const { usage: used, ...writtenRest } = written;
    expect(withoutNull(writtenRest)).toEqual(withoutNull(rest));
    const told = asObject(usage);
    expect(asObject(used)?.["tokens"]).toEqual(told?.["tokens"]);
    expect(asCount(asObject(used)?.["cached_tokens"])).toBe(asCount(told?.["cached_tokens"]));
  });

  /** No arguments at all are `null` to Cohere and `{}` to everybody else. */
  function withoutNull(body: JsonObject): JsonObject {
    return JSON.parse(JSON.stringify(body).replaceAll('"arguments":"null"', '"arguments":"{}"'));
  }
});
