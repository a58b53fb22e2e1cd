// `models` and `provider` in a body: OpenRouter gets them as they are, nobody else does, and no key gets
// further by them than its own list of models.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { answer, startUpstream, type Upstream } from "#support/upstream/upstream.ts";

const OPEN_KEY = "router-wishes-open-key-2f6d8b1c90e4a753";
const BOUND_KEY = "router-wishes-bound-key-77c1e0a9d4b25f38";

let upstream: Upstream;
let gateway: GatewayProcess;

beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    config: `version: 1
providers:
  router: { kind: openrouter, base_url: ${upstream.origin}/api/v1, api_key: sk-or-real-1 }
  plain: { kind: openai, base_url: ${upstream.origin}/v1, api_key: sk-real-openai-1 }
models:
  both: { targets: [router/a/one, plain/two] }
plans:
  bound: { models: [router/a/one, router/a/two] }
tenants:
  open: {}
  bound: { plan: bound }
keys:
  - { name: open, tenant: open, value: ${OPEN_KEY} }
  - { name: bound, tenant: bound, value: ${BOUND_KEY} }
unpriced_models: allow
`,
  });
});
afterAll(async () => {
  await gateway?.stop();
  await upstream?.stop();
});

async function call(key: string, body: object) {
  upstream.clear();
  upstream.script("a/one", answer({ text: "Hello." }));
  const reply = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ role: "user", content: "Hi." }], ...body }),
  });
  const json = (await reply.json()) as { error?: { code: string; param: string } };
  return { status: reply.status, error: json.error, seen: upstream.requests };
}

const WISHES = {
  models: ["a/two"],
  provider: { order: ["x"], allow_fallbacks: false, max_price: { prompt: 1 } },
};

describe("wishes for a router", () => {
  test("reach OpenRouter as they are", async () => {
    const { status, seen } = await call(OPEN_KEY, { model: "router/a/one", ...WISHES });
    expect(status).toBe(200);
    expect(seen[0]?.target).toBe("/api/v1/chat/completions");
    expect(seen[0]?.json).toEqual({
      model: "a/one",
      messages: [{ role: "user", content: "Hi." }],
      ...WISHES,
    });
  });

  test("reach it by the Responses API, too", async () => {
    upstream.clear();
    upstream.script("a/one", answer({ text: "Hello." }));
    const reply = await fetch(`${gateway.baseUrl}/v1/responses`, {
      method: "POST",
      headers: { authorization: `Bearer ${OPEN_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "router/a/one", input: "Hi.", store: false, ...WISHES }),
    });
    expect(reply.status).toBe(200);
    expect(upstream.requests[0]?.target).toBe("/api/v1/responses");
    expect(upstream.requests[0]?.json).toMatchObject(WISHES);
  });

  test.each(["plain/two", "both"])("are refused where a target is no router: %s", async (model) => {
    const { status, error, seen } = await call(OPEN_KEY, { model, ...WISHES });
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: "not_available", param: "models" });
    expect(seen).toEqual([]);
  });

  test("fall back only to models that the key may ask for", async () => {
    const model = "router/a/one";
    expect((await call(BOUND_KEY, { model, ...WISHES })).status).toBe(200);
    const { status, error, seen } = await call(BOUND_KEY, { model, models: ["a/two", "b/dear"] });
    expect(status).toBe(403);
    expect(error).toMatchObject({ code: "model_not_allowed", param: "models" });
    expect(seen).toEqual([]);
  });

  test.each([[{ models: "a/two" }], [{ models: [1] }], [{ models: [{}] }]])(
    "that are malformed are the caller's error: %j",
    async (wishes) => {
      const { status, error } = await call(OPEN_KEY, { model: "router/a/one", ...wishes });
      expect(status).toBe(400);
      expect(error?.code).toBe("invalid_request");
    },
  );
});
