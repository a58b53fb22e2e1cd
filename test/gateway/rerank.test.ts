// Rerankings: the caller's one form to every vendor that ranks, bytes where the vendor speaks it, and what
// was used and what it cost on record.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import { ANY_MODEL, verbatim } from "#support/upstream/upstream.ts";
import { answerWith, post, startVectorBench } from "./vector-bench.ts";
import { sentBody, usageOf, type VendorBench } from "./vendor-bench.ts";

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVectorBench(`models:
  ranks: { targets: [coh/rerank-v3.5, voy/rerank-2.5, jin/jina-reranker-v2] }
  once: { targets: [voy/rerank-2.5], attempts: 1 }
`);
});
afterAll(() => bench.stop());
beforeEach(() => answerWith(bench));

const DOCUMENTS = ["one", "two words", "three words here"];
const BODY = { query: "which?", documents: DOCUMENTS, top_n: 2 };
/** The scripted vendors find the last document best. */
const RESULTS = [
  { index: 2, relevance_score: 1 },
  { index: 1, relevance_score: 2 / 3 },
];

describe.each([
  ["coh/rerank-v3.5", "/v2/rerank", { search_units: 1 }],
  ["voy/rerank-2.5", "/voyage/v1/rerank", { tokens: 6 }],
  ["jin/jina-reranker-v2", "/v1/rerank", { tokens: 6 }],
  ["house/bge-reranker", "/house/v1/rerank", { tokens: 6 }],
] as const)("a reranking by %s", (target, path, used) => {
  test("comes in the caller's form, and is metered", async () => {
    const reply = await post(bench, "/v1/rerank", { model: target, ...BODY });
    expect(reply.status).toBe(200);
    expect(reply.body["results"]).toEqual(RESULTS);
    expect(bench.lastRequest().target).toBe(path);
    const name = path.startsWith("/voyage") ? "top_k" : "top_n";
    expect(sentBody(bench.lastRequest())).toEqual({
      model: target.slice(target.indexOf("/") + 1),
      query: "which?",
      documents: DOCUMENTS,
      [name]: 2,
    });
    const decision = await bench.lastDecision();
    expect(decision["target"]).toBe(target);
    if ("tokens" in used) {
      expect(usageOf(decision)).toEqual({ input_tokens: used.tokens });
      expect(reply.body["usage"]).toMatchObject({ total_tokens: used.tokens });
    } else {
      expect(usageOf(decision)).toEqual({});
      expect(reply.body["meta"]).toEqual({ billed_units: used });
      // What a search costs is unknown, and that is said rather than taken for nothing.
      expect(decision["cost_usd"]).toBeNull();
      expect(decision["notices"]).toEqual(["unpriced:model"]);
    }
  });

  test("is estimated when the vendor tells nothing", async () => {
    answerWith(bench, { tellsUsage: false });
    const reply = await post(bench, "/v1/rerank", { model: target, ...BODY });
    expect(reply.headers.get("x-sluice-notices")).toContain("estimated:usage");
    expect(usageOf(await bench.lastDecision())["input_tokens"]).toBeGreaterThan(6);
  });

  test("that points nowhere is malformed", async () => {
    const change = (reply: JsonObject): JsonObject => {
      const name = Array.isArray(reply["data"]) ? "data" : "results";
      const [first, ...others] = asArray(reply[name]).map(asObject);
      return { ...reply, [name]: [{ ...first, index: 3 }, ...others.map((one) => ({ ...one }))] };
    };
    answerWith(bench, { change });
    const reply = await post(bench, "/v1/rerank", { model: target, ...BODY });
    expect([reply.status, asObject(reply.body["error"])?.["code"]]).toEqual([
      502,
      "upstream_failed",
    ]);
    expect(JSON.stringify(reply.body)).toContain("document 3 of 3");
  });
});

test("documents come back where they are asked for, from the vendor or put in by Sluice", async () => {
  const body = { ...BODY, return_documents: true };
  const voyage = await post(bench, "/v1/rerank", { model: "voy/rerank-2.5", ...body });
  const documents = (of: JsonObject) =>
    asArray(of["results"]).map((entry) => asObject(entry)?.["document"]);
  expect(documents(voyage.body)).toEqual([{ text: "three words here" }, { text: "two words" }]);
  expect(voyage.headers.get("x-sluice-notices")).toBeNull();
  const cohere = await post(bench, "/v1/rerank", { model: "coh/rerank-v3.5", ...body });
  expect(documents(cohere.body)).toEqual(documents(voyage.body));
  expect(sentBody(bench.lastRequest())["return_documents"]).toBeUndefined();
  expect(cohere.headers.get("x-sluice-notices")).toContain("emulated:return_documents");
  const large = [...DOCUMENTS, "x".repeat(1_100_000)];
  const heavy = { model: "coh/rerank-v3.5", ...body, documents: large, top_n: 1 };
  const reply = await post(bench, "/v1/rerank", heavy);
  expect(documents(reply.body)).toEqual([{ text: large[3] }]);
});

test("bytes pass as they came where the vendor speaks the form", async () => {
  const text = '{"results":[{"relevance_score":0.10,"index":0,"own":{}}],"model":"m" , "x":1e2}';
  bench.upstream.always(ANY_MODEL, verbatim({ status: 200, body: text }));
  const sent = '{"documents":["a"],"query":"q", "model":"jin/m","late":1.0}';
  const reply = await fetch(`${bench.gateway.baseUrl}/v1/rerank`, {
    method: "POST",
    headers: { "x-api-key": "bench-caller-key-7c1e5a90d3f24b68" },
    body: sent,
  });
  expect(await reply.text()).toBe(text);
  expect(new TextDecoder().decode(bench.lastRequest().body)).toBe(
    '{"documents":["a"],"query":"q", "model":"m","late":1.0}',
  );
});

test("a vendor in trouble is followed by the next, which may be another model", async () => {
  bench.upstream.script("rerank-v3.5", (_request, reply) => reply.reset());
  const reply = await post(bench, "/v1/rerank", { model: "ranks", ...BODY });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("x-sluice-target")).toBe("voy/rerank-2.5");
});

test("who does not rank is out of the route, and who asks too much hears it", async () => {
  const chat = await post(bench, "/v1/rerank", { model: "oai/gpt-5", ...BODY });
  expect(chat.body["error"]).toMatchObject({ code: "unsupported_feature", param: "model" });
  const images = { query: "q", documents: [{ image: "iVBORw0KGgo=" }] };
  const blind = await post(bench, "/v1/rerank", { model: "once", ...images });
  expect(blind.body["error"]).toMatchObject({ code: "unsupported_feature", param: "documents[0]" });
  expect(bench.upstream.requests).toHaveLength(0);
  const wish = await post(bench, "/v1/rerank", { model: "ranks", ...BODY, models: ["x"] });
  expect(wish.body["error"]).toMatchObject({ code: "not_available", param: "models" });
});
