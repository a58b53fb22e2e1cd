// Which names reach which target, for whom, and what callers see of names that are not theirs.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";
import { answer } from "#support/upstream/upstream.ts";
import { CALLER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const ACME_KEY = "names-acme-key-5b0e7d1c9f3a2846";
const BETA_KEY = "names-beta-key-2c8f6a4e0d9b7135";
const NOTHING_KEY = "names-nothing-key-9d3b5f7a1c0e8246";

function documentFor(origin: string): string {
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: names-provider-key }
  second: { kind: openai, base_url: "${origin}/v1", api_key: names-provider-key }
  ant: { kind: anthropic, base_url: "${origin}", api_key: names-provider-key }
  gem: { kind: gemini, base_url: "${origin}", api_key: names-provider-key }
  house: { kind: openai-compatible, base_url: "${origin}/house/v1" }
models:
  assistant: { targets: [oai/gpt-4.1] }
  claude-haiku-4-5: { targets: [oai/shadowed] }
  team/special: { targets: [ant/claude-sonnet-4-5] }
  acme-secret-model: { targets: [oai/gpt-4.1] }
  split: { strategy: weighted, targets: [{ model: oai/left, weight: 3 }, { model: ant/right, weight: 1 }], attempts: 1 }
plans:
  acme: { models: [assistant, acme-secret-model, ant/claude-sonnet-4-5] }
  beta: { models: [assistant, split] }
  nothing: { models: [] }
tenants:
  bench: {}
  acme: { plan: acme }
  beta: { plan: beta }
  nothing: { plan: nothing }
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
  - { name: acme, tenant: acme, value: ${ACME_KEY} }
  - { name: beta, tenant: beta, value: ${BETA_KEY} }
  - { name: nothing, tenant: nothing, value: ${NOTHING_KEY} }
prices:
  oai/*: { input: 1, output: 4 }
  second/*: { input: 1, output: 4 }
  ant/*: { input: 1, output: 4 }
  gem/*: { input: 1, output: 4 }
  house/*: { input: 0, output: 0 }
`;
}

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVendorBench(documentFor);
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

async function ask(model: string, key = CALLER_KEY): Promise<Response> {
  return fetch(`${bench.gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello." }] }),
  });
}

async function errorOf(reply: Response): Promise<JsonObject> {
  return asObject(asObject(await reply.json())?.["error"]) ?? {};
}

async function listed(key: string): Promise<string[]> {
  const url = `${bench.gateway.baseUrl}/v1/models`;
  const reply = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const body = asObject(await reply.json());
  return asArray(body?.["data"]).map((entry) => asString(asObject(entry)?.["id"]) ?? "");
}

describe("a name is resolved", () => {
  test.each([
    ["a virtual model", "assistant", "oai/gpt-4.1", "priority"],
    ["provider/model", "ant/claude-sonnet-4-5", "ant/claude-sonnet-4-5", "direct"],
    [
      "provider/model with more slashes",
      "house/org/team/model:7b",
      "house/org/team/model:7b",
      "direct",
    ],
    [
      "a name that one provider's catalogue knows",
      "claude-sonnet-4-5",
      "ant/claude-sonnet-4-5",
      "catalogue",
    ],
    ["a virtual model before the catalogue", "claude-haiku-4-5", "oai/shadowed", "priority"],
    ["a virtual model with a slash", "team/special", "ant/claude-sonnet-4-5", "priority"],
    [
      "a model that no catalogue knows, at its provider",
      "gem/gemini-9-next",
      "gem/gemini-9-next",
      "direct",
    ],
  ])("%s: %s -> %s", async (_, asked, target, because) => {
    const reply = await ask(asked);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-sluice-target")).toBe(target);
    expect(bench.lastRequest().endpoint.model).toBe(target.slice(target.indexOf("/") + 1));
    const decision = await bench.lastDecision();
    expect(asObject(decision["facts"])?.["model"]).toBe(asked);
    expect(decision["route"]).toMatchObject([{ target, because: [{ code: because }] }]);
  });

  test("the reply names the upstream's model as the upstream does", async () => {
    bench.upstream.always("gpt-4.1", answer({ model: "gpt-4.1-2025-04-14" }));
    const body = asObject(await (await ask("assistant")).json());
    expect(body?.["model"]).toBe("gpt-4.1-2025-04-14");
  });

  test.each([
    "/v1beta/models/ant/claude-sonnet-4-5:generateContent",
    "/v1beta/models/ant%2Fclaude-sonnet-4-5:generateContent",
    "/v1/models/ant/claude-sonnet-4-5:generateContent",
    "/gemini/v1beta/models/ant%2fclaude-sonnet-4-5:generateContent",
    "/v1beta/models/assistant:generateContent",
    "/v1beta/ant/claude-sonnet-4-5:generateContent",
    "/gemini/v1beta/ant/claude-sonnet-4-5:generateContent",
  ])("out of the path %s", async (path) => {
    const reply = await fetch(`${bench.gateway.baseUrl}${path}`, {
      method: "POST",
      headers: { "x-goog-api-key": CALLER_KEY },
      body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hello." }] }] }),
    });
    expect(reply.status).toBe(200);
  });

  test("no name leaves its place in the upstream's path", async () => {
    const hostile = "gem/../../v1/x?key=y#z%2e%2e";
    await ask(hostile);
    expect(bench.lastRequest().target).toBe(
      `/v1beta/models/${encodeURIComponent("../../v1/x?key=y#z%2e%2e")}:generateContent`,
    );
  });
});

describe("a name that is nothing", () => {
  test("gets the nearest of the caller's own names", async () => {
    const reply = await ask("asistant");
    expect(reply.status).toBe(404);
    const error = await errorOf(reply);
    expect(error).toMatchObject({ code: "unknown_model", param: "model" });
    expect(error["message"]).toContain("Did you mean assistant");
  });

  test("gets no hint at the names of others", async () => {
    const error = await errorOf(await ask("acme-secret-modle", BETA_KEY));
    expect(error["code"]).toBe("unknown_model");
    expect(error["message"]).not.toContain("acme-secret-model");
  });

  test.each(["", "/", "oai/", "/gpt-4.1", "nobody/gpt-4.1", "OAI/gpt-4.1"])(
    "%p is refused",
    async (model) => {
      const reply = await ask(model);
      expect([400, 404]).toContain(reply.status);
      expect(bench.upstream.requests).toHaveLength(0);
    },
  );

  test("that several catalogues know is ambiguous, and says what to write", async () => {
    const reply = await ask("gpt-4.1-mini");
    expect(reply.status).toBe(400);
    const error = await errorOf(reply);
    expect(error).toMatchObject({ code: "ambiguous_model", param: "model" });
    expect(error["message"]).toContain("oai/gpt-4.1-mini, second/gpt-4.1-mini");
  });
});

describe("allow-lists", () => {
  test.each([
    [ACME_KEY, "assistant", 200],
    [ACME_KEY, "acme-secret-model", 200],
    [ACME_KEY, "ant/claude-sonnet-4-5", 200],
    // The catalogue's bare name stands for a target that is on the list.
    [ACME_KEY, "claude-sonnet-4-5", 200],
    [ACME_KEY, "split", 403],
    // What a virtual model leads to is not thereby open itself.
    [ACME_KEY, "oai/gpt-4.1", 403],
    [BETA_KEY, "split", 200],
    [BETA_KEY, "acme-secret-model", 403],
    [BETA_KEY, "ant/claude-sonnet-4-5", 403],
    [NOTHING_KEY, "assistant", 403],
    [NOTHING_KEY, "oai/gpt-4.1", 403],
    [CALLER_KEY, "acme-secret-model", 200],
  ])("%s asking for %s: %i", async (key, model, status) => {
    const reply = await ask(model, key);
    expect(reply.status).toBe(status);
    if (status !== 403) return;
    expect(await errorOf(reply)).toMatchObject({ code: "model_not_allowed", param: "model" });
    expect(bench.upstream.requests).toHaveLength(0);
    expect(await bench.lastDecision()).toMatchObject({
      outcome: "refused",
      code: "model_not_allowed",
    });
  });

  test("a refusal leads to what the caller may ask for, and to nothing else", async () => {
    const error = await errorOf(await ask("ant/claude-sonnet-4-5", BETA_KEY));
    expect(error["message"]).not.toContain("acme");
    expect(error["message"]).toContain("/v1/models");
  });

  test("the list is the caller's own", async () => {
    expect((await listed(ACME_KEY)).sort()).toEqual([
      "acme-secret-model",
      "ant/claude-sonnet-4-5",
      "assistant",
    ]);
    expect((await listed(BETA_KEY)).sort()).toEqual(["assistant", "split"]);
    expect(await listed(NOTHING_KEY)).toEqual([]);
    const all = await listed(CALLER_KEY);
    expect(all).toContain("assistant");
    expect(all).toContain("ant/claude-sonnet-4-5");
  });

  test("one entry of another's list is not found", async () => {
    const url = `${bench.gateway.baseUrl}/v1/models/acme-secret-model`;
    const asked = (key: string) => fetch(url, { headers: { authorization: `Bearer ${key}` } });
    expect((await asked(ACME_KEY)).status).toBe(200);
    expect((await asked(BETA_KEY)).status).toBe(404);
  });

  test("a key's own list narrows its plan's and cannot widen it", async () => {
    const body = JSON.stringify({ name: "narrow", tenant: "acme", models: ["assistant", "split"] });
    const made = await bench.gateway.admin("/keys", { method: "POST", body });
    const key = asString(asObject(await made.json())?.["key"]) ?? "";
    expect((await ask("assistant", key)).status).toBe(200);
    expect((await ask("acme-secret-model", key)).status).toBe(403);
    expect((await ask("split", key)).status).toBe(403);
    expect(await listed(key)).toEqual(["assistant"]);
  });
});

describe("weights", () => {
  test("split the calls, each by the draw that its record holds", async () => {
    const calls = 400;
    const replies = await Promise.all(Array.from({ length: calls }, () => ask("split")));
    const lefts = replies.filter(({ headers }) => headers.get("x-sluice-target") === "oai/left");
    // Five standard deviations of 400 draws at three quarters.
    expect(Math.abs(lefts.length - 300)).toBeLessThan(44);
    for (const { headers } of replies.slice(0, 20)) {
      const decision = await bench.gateway.decision(headers.get("x-sluice-decision") ?? "");
      const [first] = asArray(decision["route"]);
      const expected = Number(decision["draw"]) < 0.75 ? "oai/left" : "ant/right";
      expect(asObject(first)).toMatchObject({ target: expected, because: [{ code: "weighted" }] });
      expect(headers.get("x-sluice-target")).toBe(expected);
    }
  });
});
