// Embedding calls from every way in to every way out: the client gets the vector of each input in its
// place, the upstream one request after its own form, the record tokens and cost.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { asArray, asObject } from "#core/json.ts";
import { tokensOfText, vectorOfText } from "#support/upstream/upstream.ts";
import { answerWith, post, startVectorBench, VECTOR_VENDORS, vectorsOf } from "./vector-bench.ts";
import { sentBody, usageOf, type VendorBench } from "./vendor-bench.ts";

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVectorBench(`models:
  spread:
    strategy: weighted
    targets: [oai/text-embedding-3-small, voy/voyage-3.5, { model: coh/embed-v4.0, weight: 50 }]
  twins: { targets: [oai/text-embedding-3-small, voy/voyage-3.5, twin/text-embedding-3-small] }
  mixed: { targets: [ant/claude-sonnet-4-5, gem/gemini-embedding-001, oai/text-embedding-3-small] }
`);
});
afterAll(() => bench.stop());
beforeEach(() => answerWith(bench));

const TEXTS = ["first text", "second", "the third one"];
const TOKENS = TEXTS.reduce((sum, text) => sum + tokensOfText(text), 0);

describe.each(VECTOR_VENDORS)("vectors of $target", ({ target, path, batch }) => {
  test("come to OpenAI's form in their places, and are metered", async () => {
    const reply = await post(bench, "/v1/embeddings", { model: target, input: TEXTS });
    expect(reply.status).toBe(200);
    expect(vectorsOf(reply.body)).toEqual(TEXTS.map((text) => vectorOfText(text)));
    expect(asArray(reply.body["data"]).map((entry) => asObject(entry)?.["index"])).toEqual([
      0, 1, 2,
    ]);
    const { requests } = bench.upstream;
    expect(requests).toHaveLength(Math.ceil(TEXTS.length / batch));
    for (const request of requests) expect(request.target.split("?")[0]).toEndWith(path);
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual({ input_tokens: TOKENS });
    expect(decision["target"]).toBe(target);
    expect(decision["cost_usd"]).toBe(`0.${String(TOKENS).padStart(6, "0")}`);
    expect(asArray(decision["attempts"])).toHaveLength(1);
    expect(reply.headers.get("x-sluice-attempts")).toBe("1");
  });

  test("come as base64 of little-endian floats when asked for", async () => {
    const asked = { model: target, input: TEXTS, encoding_format: "base64" };
    const { body } = await post(bench, "/v1/embeddings", asked);
    const decoded = vectorsOf(body).map((text) => {
      const bytes = Buffer.from(String(text), "base64");
      return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
    });
    expect(decoded).toEqual(TEXTS.map((text) => vectorOfText(text)));
  });

  test("come to Gemini's two forms", async () => {
    const requests = TEXTS.map((text) => ({
      model: `models/${target}`,
      content: { parts: [{ text }] },
    }));
    const batched = await post(bench, `/v1beta/models/${target}:batchEmbedContents`, { requests });
    expect(batched.status).toBe(200);
    expect(batched.body["embeddings"]).toEqual(
      TEXTS.map((text) => ({ values: vectorOfText(text) })),
    );
    expect(batched.body["usageMetadata"]).toEqual({ promptTokenCount: TOKENS });
    const content = { parts: [{ text: "only" }] };
    const single = await post(bench, `/v1/models/${target}:embedContent`, { content });
    expect(single.body["embedding"]).toEqual({ values: vectorOfText("only") });
    expect(usageOf(await bench.lastDecision())).toEqual({ input_tokens: 1 });
  });

  test("are counted by an estimate that says so when the vendor tells none", async () => {
    answerWith(bench, { tellsUsage: false });
    const reply = await post(bench, "/v1/embeddings", { model: target, input: TEXTS });
    expect(reply.headers.get("x-sluice-notices")).toContain("estimated:usage");
    const decision = await bench.lastDecision();
    const estimated = usageOf(decision)["input_tokens"];
    expect(estimated).toBeGreaterThanOrEqual(TOKENS);
    expect(asObject(decision["usage"])?.["source"]).toBe("estimated");
  });
});

describe("an embedding call never falls back to another model", () => {
  const routeOf = (decision: Awaited<ReturnType<VendorBench["lastDecision"]>>) => ({
    route: asArray(decision["route"]).map((entry) => asObject(entry)?.["target"]),
    rejected: asArray(decision["rejected"]).map((entry) => {
      const [reason] = asArray(asObject(entry)?.["because"]);
      return [
        asObject(entry)?.["target"],
        asObject(reason)?.["code"],
        asObject(reason)?.["detail"],
      ];
    }),
  });

  test("whatever the weights draw, the first target's model makes all vectors", async () => {
    for (let call = 0; call < 8; call += 1) {
      const { headers } = await post(bench, "/v1/embeddings", { model: "spread", input: "x" });
      expect(headers.get("x-sluice-target")).toBe("oai/text-embedding-3-small");
    }
    const { route, rejected } = routeOf(await bench.lastDecision());
    expect(route).toEqual(["oai/text-embedding-3-small"]);
    expect(rejected.toSorted()).toEqual([
      ["coh/embed-v4.0", "other_vector_space", "text-embedding-3-small"],
      ["voy/voyage-3.5", "other_vector_space", "text-embedding-3-small"],
    ]);
  });

  test("the same model at another provider takes over, another model does not", async () => {
    bench.upstream.script("text-embedding-3-small", (_request, reply) => reply.reset());
    const reply = await post(bench, "/v1/embeddings", { model: "twins", input: "x" });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-sluice-target")).toBe("twin/text-embedding-3-small");
    const { rejected } = routeOf(await bench.lastDecision());
    expect(rejected).toEqual([["voy/voyage-3.5", "other_vector_space", "text-embedding-3-small"]]);
  });

  test("a target that makes no vectors decides nothing", async () => {
    const reply = await post(bench, "/v1/embeddings", { model: "mixed", input: "x" });
    expect(reply.headers.get("x-sluice-target")).toBe("gem/gemini-embedding-001");
    const { rejected } = routeOf(await bench.lastDecision());
    expect(rejected.map(([target, code]) => [target, code])).toEqual([
      ["ant/claude-sonnet-4-5", "dialect_unsupported"],
      ["oai/text-embedding-3-small", "other_vector_space"],
    ]);
  });

  test("when it fails the call fails, and no other model is asked", async () => {
    bench.upstream.always("text-embedding-3-small", (_request, reply) => reply.reset());
    const reply = await post(bench, "/v1/embeddings", { model: "twins", input: "x" });
    expect(reply.status).toBe(502);
    const asked = new Set(bench.upstream.requests.map((request) => sentBody(request)["model"]));
    expect([...asked]).toEqual(["text-embedding-3-small"]);
  });
});
