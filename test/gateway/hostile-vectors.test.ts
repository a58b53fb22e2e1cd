// Upstreams that get vectors wrong, and callers that ask for too much: an error that says what is wrong,
// never a vector in the wrong place; and what was used on the way is recorded.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import {
  ANY_MODEL,
  type Behaviour,
  closedGate,
  failure,
  tokensOfText,
  vectorOfText,
  vectors,
  verbatim,
} from "#support/upstream/upstream.ts";
import { answerWith, post, startVectorBench, vectorsOf } from "./vector-bench.ts";
import { CALLER_KEY, sentBody, usageOf, type VendorBench } from "./vendor-bench.ts";

let bench: VendorBench;
const ONCE = [
  ["coh-once", "coh/embed-v4.0"],
  ["gem-once", "gem/gemini-embedding-001"],
  ["voy-once", "voy/voyage-3.5"],
  ["oll-once", "oll/nomic-embed-text"],
  ["oai-once", "oai/text-embedding-3-small"],
] as const;
beforeAll(async () => {
  const models = ONCE.map(([name, target]) => `  ${name}: { targets: [${target}], attempts: 1 }`);
  bench = await startVectorBench(`models:
${models.join("\n")}
  titan-once: { targets: ["bed/amazon.titan-embed-text-v2:0"], attempts: 1 }
  titan: { targets: ["bed/amazon.titan-embed-text-v2:0"], attempts: 2 }
`);
});
afterAll(() => bench.stop());
beforeEach(() => answerWith(bench));

/** The list of vectors of a reply, wherever its vendor keeps it, changed. */
function changed(reply: JsonObject, change: (vectors: Json[]) => Json[]): JsonObject {
  const { data, embeddings } = reply;
  if (Array.isArray(data)) return { ...reply, data: change(data) };
  if (Array.isArray(embeddings)) return { ...reply, embeddings: change(embeddings) };
  const float = asArray(asObject(embeddings)?.["float"]);
  return { ...reply, embeddings: { float: change(float) } };
}

/** The numbers of one of them, changed. */
function withNumbers(entry: Json, numbers: Json): Json {
  if (Array.isArray(entry)) return numbers;
  const object = asObject(entry) ?? {};
  return object["values"] === undefined
    ? { ...object, embedding: numbers }
    : { ...object, values: numbers };
}

describe.each(ONCE)("an upstream behind %s that gets it wrong", (model, _target) => {
  const fails: readonly [string, (vectors: Json[]) => Json[], string][] = [
    ["one vector too few", (all) => all.slice(0, -1), "embeddings for 2 inputs"],
    ["one vector too many", (all) => [...all, ...all.slice(0, 1)], ""],
    ["no vector at all", () => [], ""],
    ["different lengths", ([one, two]) => [one ?? null, withNumbers(two ?? null, [1])], "lengths"],
    [
      "null for a number",
      ([one, two]) => [one ?? null, withNumbers(two ?? null, [1, null, 2, 3])],
      "",
    ],
    [
      "a vector in a vector",
      ([one]) => [one ?? null, withNumbers(one ?? null, [[1, 2, 3, 4]])],
      "",
    ],
    ["text", ([one]) => [one ?? null, "vector"], ""],
    ["an empty vector", ([one]) => [one ?? null, withNumbers(one ?? null, [])], ""],
  ];

  test.each(fails)("by %s", async (_what, change, message) => {
    answerWith(bench, { change: (reply) => changed(reply, change) });
    const reply = await post(bench, "/v1/embeddings", { model, input: ["a b", "c"] });
    expect(reply.status).toBe(502);
    expect(reply.body["error"]).toMatchObject({ code: "upstream_failed" });
    expect(JSON.stringify(reply.body)).toContain(message);
    const [attempt] = asArray((await bench.lastDecision())["attempts"]);
    expect(["malformed", "empty"]).toContain(String(asObject(attempt)?.["outcome"]));
    // What was made of it is billed all the same.
    expect(asObject(asObject(attempt)?.["usage"])?.["input_tokens"]).toBe(3);
  });

  test("by NaN, which is no JSON", async () => {
    bench.upstream.always(
      ANY_MODEL,
      verbatim({ status: 200, body: '{"data":[{"embedding":[NaN]}]}' }),
    );
    const reply = await post(bench, "/v1/embeddings", { model, input: "a" });
    expect([reply.status, asObject(reply.body["error"])?.["code"]]).toEqual([
      502,
      "upstream_failed",
    ]);
  });

  test("by another size than was asked for, which is not asked for twice", async () => {
    answerWith(bench, {
      change: (reply) => changed(reply, (all) => all.map((one) => withNumbers(one, [1, 2, 3]))),
    });
    const reply = await post(bench, "/v1/embeddings", { model, input: "a", dimensions: 8 });
    expect(reply.status).toBe(502);
    expect(JSON.stringify(reply.body)).toContain("3 dimensions and 8 were asked for");
    expect(bench.upstream.requests).toHaveLength(1);
    const [attempt] = asArray((await bench.lastDecision())["attempts"]);
    expect(attempt).toMatchObject({ outcome: "invalid_answer" });
  });
});

test("indexes out of order put the vectors in order, doubled ones are an error", async () => {
  const swap = (all: Json[]) => [...all].reverse();
  answerWith(bench, { change: (reply) => changed(reply, swap) });
  const good = await post(bench, "/v1/embeddings", { model: "voy-once", input: ["a", "b"] });
  expect(vectorsOf(good.body)).toEqual([vectorOfText("a"), vectorOfText("b")]);
  const double = (all: Json[]) => all.map((entry) => ({ ...asObject(entry), index: 0 }));
  answerWith(bench, { change: (reply) => changed(reply, double) });
  for (const model of ["voy-once", "oai-once"]) {
    const bad = await post(bench, "/v1/embeddings", { model, input: ["a", "b"] });
    expect([bad.status, asObject(bad.body["error"])?.["code"]]).toEqual([502, "upstream_failed"]);
  }
});

describe("a batch that one request cannot hold", () => {
  const words = (count: number) => Array.from({ length: count }, (_, place) => `word ${place}`);

  test.each([
    ["coh/embed-v4.0", 250, 3],
    ["gem/gemini-embedding-001", 2049, 21],
    ["oai/text-embedding-3-small", 2048, 1],
    ["voy/voyage-3.5", 2049, 3],
    ["bed/amazon.titan-embed-text-v2:0", 60, 60],
    ["ver/text-embedding-005", 251, 2],
  ])("of %s: %i inputs", async (model, count, requests) => {
    const input = words(count);
    const { status, body } = await post(bench, "/v1/embeddings", { model, input });
    expect(status).toBe(200);
    expect(vectorsOf(body)).toEqual(input.map((text) => vectorOfText(text)));
    expect(bench.upstream.requests).toHaveLength(requests);
    const tokens = input.reduce((sum, text) => sum + tokensOfText(text), 0);
    expect(body["usage"]).toEqual({ prompt_tokens: tokens, total_tokens: tokens });
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual({ input_tokens: tokens });
    expect(asArray(decision["attempts"])).toHaveLength(1);
  });

  test("of more than a megabyte, from Gemini's form, on the worker", async () => {
    const texts = words(150).map((text) => `${text} ${"x".repeat(10_000)}`);
    const requests = texts.map((text) => ({ content: { parts: [{ text }] } }));
    const path = "/v1beta/models/coh/embed-v4.0:batchEmbedContents";
    const { status, body } = await post(bench, path, { requests });
    expect(status).toBe(200);
    expect(body["embeddings"]).toEqual(texts.map((text) => ({ values: vectorOfText(text) })));
    expect(bench.upstream.requests).toHaveLength(2);
  });

  test("whose replies together are more than a megabyte", async () => {
    const input = words(120);
    const body = { model: "coh/embed-v4.0", input, dimensions: 1536 };
    const reply = await post(bench, "/v1/embeddings", body);
    expect(reply.status).toBe(200);
    expect(vectorsOf(reply.body)).toEqual(input.map((text) => vectorOfText(text, 1536)));
  });

  test("and fails half way is a failed attempt that has used what was answered", async () => {
    const script = [vectors(), vectors(), failure(500), vectors(), vectors(), vectors()];
    bench.upstream.script("", ...script);
    bench.upstream.script("amazon.titan-embed-text-v2:0", ...script);
    const reply = await post(bench, "/v1/embeddings", { model: "titan-once", input: words(6) });
    expect(reply.status).toBe(502);
    const decision = await bench.lastDecision();
    const [attempt] = asArray(decision["attempts"]).map(asObject);
    expect(attempt).toMatchObject({ outcome: "server_error", status: 500 });
    const used = Number(asObject(attempt?.["usage"])?.["input_tokens"]);
    const answered = bench.upstream.requests.length - 1;
    expect(used).toBe(answered * 2);
    expect(Number(decision["cost_usd"])).toBeCloseTo(used / 1e6, 9);
    expect(answered).toBeLessThan(6);
  });

  test("and whose client leaves half way is recorded with what was answered", async () => {
    const gate = closedGate();
    const hold: Behaviour = async (request, reply) => {
      await gate.pass();
      return vectors()(request, reply);
    };
    bench.upstream.script("amazon.titan-embed-text-v2:0", vectors(), hold, hold, hold, hold);
    const abort = new AbortController();
    const body = JSON.stringify({ model: "titan-once", input: words(9) });
    const left = fetch(`${bench.gateway.baseUrl}/v1/embeddings`, {
      method: "POST",
      headers: { authorization: `Bearer ${CALLER_KEY}` },
      body,
      signal: abort.signal,
    }).catch(() => undefined);
    const held = await bench.upstream.received(4);
    abort.abort();
    await left;
    expect(await held.closed).toBe("client");
    await bench.gateway.printed(/client_cancelled/);
    const decision = await bench.lastDecision();
    expect(decision).toMatchObject({ outcome: "client_cancelled" });
    // Two words are two tokens: one request was answered, four were under way.
    expect(decision["usage"]).toMatchObject({ input_tokens: 10, source: "estimated" });
    expect(bench.upstream.requests).toHaveLength(5);
    gate.open();
  });

  test("and is asked again as a whole when it may be", async () => {
    bench.upstream.script("amazon.titan-embed-text-v2:0", vectors(), failure(503));
    const reply = await post(bench, "/v1/embeddings", { model: "titan", input: words(3) });
    expect(reply.status).toBe(200);
    expect(vectorsOf(reply.body)).toEqual(words(3).map((text) => vectorOfText(text)));
    const decision = await bench.lastDecision();
    expect(asArray(decision["attempts"]).map((each) => asObject(each)?.["outcome"])).toEqual([
      "overloaded",
      "succeeded",
    ]);
    expect(Number(asObject(decision["usage"])?.["input_tokens"])).toBeGreaterThan(6);
  });
});

describe("what a caller gets wrong is said with its place", () => {
  test.each<[JsonObject, string]>([
    [{ input: [] }, "input"],
    [{ input: "" }, "input"],
    [{ input: [""] }, "input[0]"],
    [{ input: [["a"]] }, "input[0]"],
    [{ input: [[["a"]]] }, "input[0]"],
    [{ input: [[]] }, "input[0]"],
    [{ input: [[1, -1]] }, "input[0]"],
    [{ input: ["a", null] }, "input[1]"],
    [{ input: ["a", { image: "" }] }, "input[1]"],
    [{ input: ["a", { image: "not base64!" }] }, "input[1].image"],
    [{ input: {} }, "input"],
    [{ input: "a", dimensions: 0 }, "dimensions"],
    [{ input: "a", encoding_format: "hex" }, "encoding_format"],
  ])("%j", async (fields, param) => {
    const reply = await post(bench, "/v1/embeddings", { model: "voy/voyage-3.5", ...fields });
    expect(reply.status).toBe(400);
    expect(reply.body["error"]).toMatchObject({ code: "invalid_request", param });
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("errors of a vendor keep their class in the caller's form", async () => {
    bench.upstream.always(
      ANY_MODEL,
      verbatim({ status: 400, body: '{"message":"too many tokens","id":"x"}' }),
    );
    const openai = await post(bench, "/v1/embeddings", { model: "coh/embed-v4.0", input: "a" });
    expect(openai.status).toBe(400);
    expect(openai.body["error"]).toMatchObject({
      code: "upstream_rejected",
      message: "too many tokens",
    });
    const path = "/v1beta/models/coh/embed-v4.0:embedContent";
    const google = await post(bench, path, { content: { parts: [{ text: "a" }] } });
    expect(google.status).toBe(400);
    expect(google.body["error"]).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
    expect(sentBody(bench.lastRequest())["texts"]).toEqual(["a"]);
  });
});
