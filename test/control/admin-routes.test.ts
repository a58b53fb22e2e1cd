// The admin API of a running gateway: every route of its table, with no credential, with a caller's key
// and with the admin key; and the life of keys as callers feel it.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ROUTES } from "#control/api/routes.ts";
import { asObject, asString } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";

const CONFIG = `
providers:
  demo: { kind: demo }
models:
  assistant: { targets: [demo/echo] }
  other: { targets: [demo/echo] }
plans:
  narrow: { models: [assistant] }
tenants:
  acme: { plan: narrow, projects: { bot: {} } }
keys:
  - { name: from-document, tenant: acme, value: acme-71f09b3d5c8e2a64d0b7 }
`;

const CALLER_KEY = "acme-71f09b3d5c8e2a64d0b7";

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGateway({ config: CONFIG });
});
afterAll(async () => {
  await gateway.stop();
});

/** Every route with something in the place of its parameters. */
const LINES = ROUTES.map(({ method, path }) => [method, path.replace("{id}", "some-id")] as const);

function ask(method: string, path: string, credential: string): Promise<Response> {
  const headers = new Headers();
  if (credential !== "") headers.set("authorization", `Bearer ${credential}`);
  return fetch(`${gateway.adminUrl}${path}`, { method, headers });
}

async function codeOf(response: Response): Promise<string> {
  return asString(asObject(asObject(await response.json())?.["error"])?.["code"]) ?? "";
}

/** Status of a call with a caller's key. */
async function call(key: string, model = "assistant"): Promise<number> {
  const response = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function createKey(wish: object): Promise<{ id: string; key: string }> {
  const response = await gateway.admin("/keys", { method: "POST", body: JSON.stringify(wish) });
  expect(response.status).toBe(201);
  const body = asObject(await response.json());
  return { id: `${body?.["id"]}`, key: `${body?.["key"]}` };
}

describe("every route", () => {
  test.each(LINES)(
    "%s %s is closed without a credential and to a caller's key",
    async (method, path) => {
      for (const credential of ["", CALLER_KEY, "sk-sluice-demo", `${gateway.adminKey}x`]) {
        const response = await ask(method, path, credential);
        expect(response.status).toBe(401);
        expect(await codeOf(response)).toBe("invalid_key");
      }
    },
  );

  test.each(LINES)("%s %s knows the admin key", async (method, path) => {
    const response = await ask(method, path, gateway.adminKey);
    expect([401, 500]).not.toContain(response.status);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("the admin key opens no model", async () => {
    expect(await call(gateway.adminKey)).toBe(401);
  });
});

describe("keys of a running gateway", () => {
  test("a new key works at once, within the plan of its tenant and its own list", async () => {
    const { key } = await createKey({ name: "a", tenant: "acme", project: "bot" });
    expect(await call(key)).toBe(200);
    expect(await call(key, "other")).toBe(403);
    const none = await createKey({ name: "none", tenant: "acme", models: [] });
    expect(await call(none.key)).toBe(403);
  });

  test("rotation with a grace lets both texts work, without one only the new", async () => {
    const { id, key } = await createKey({ name: "b", tenant: "acme" });
    const rotate = async (grace: number): Promise<string> => {
      const body = JSON.stringify({ grace_seconds: grace });
      const response = await gateway.admin(`/keys/${id}/rotate`, { method: "POST", body });
      return `${asObject(await response.json())?.["key"]}`;
    };
    const second = await rotate(600);
    expect([await call(key), await call(second)]).toEqual([200, 200]);
    const third = await rotate(0);
    expect([await call(key), await call(second), await call(third)]).toEqual([401, 401, 200]);
  });

  test("a revoked key is refused at once, and after a restart", async () => {
    const { id, key } = await createKey({ name: "c", tenant: "acme" });
    const kept = await createKey({ name: "d", tenant: "acme" });
    expect(await call(key)).toBe(200);
    const response = await gateway.admin(`/keys/${id}`, { method: "DELETE" });
    expect(response.status).toBe(204);
    expect(await call(key)).toBe(401);
    await gateway.restart();
    expect([await call(key), await call(kept.key)]).toEqual([401, 200]);
  });

  test("revoking ends an open stream", async () => {
    const { id, key } = await createKey({ name: "e", tenant: "acme" });
    const stream = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: "assistant",
        stream: true,
        messages: [{ role: "user", content: "word ".repeat(2_000) }],
      }),
    });
    const reader = stream.body?.getReader();
    await reader?.read();
    await gateway.admin(`/keys/${id}`, { method: "DELETE" });
    let text = "";
    for (;;) {
      const part = await reader?.read().catch(() => undefined);
      if (part === undefined || part.done) break;
      text += new TextDecoder().decode(part.value);
    }
    expect(text).not.toContain("[DONE]");
  });

  test("neither log nor answer ever holds a key after it was made", async () => {
    const { key } = await createKey({ name: "f", tenant: "acme" });
    await call(key);
    const secret = key.slice("sk-sluice-".length + 12);
    const list = await (await gateway.admin("/keys?limit=1000")).text();
    const decisions = await (await gateway.admin("/decisions?limit=1000")).text();
    for (const text of [gateway.stdout, gateway.stderr, list, decisions]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(CALLER_KEY);
    }
  });
});

describe("metrics of a running gateway", () => {
  test("need the admin key and count what was answered", async () => {
    expect((await ask("GET", "/metrics", "")).status).toBe(401);
    expect(await call(CALLER_KEY)).toBe(200);
    expect(await call("not-a-key-of-this-gateway")).toBe(401);
    const response = await ask("GET", "/metrics", gateway.adminKey);
    expect(response.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
    const text = await response.text();
    expect(text).toMatch(
      /sluice_requests_total\{[^}]*model="echo",tenant="acme",status="2xx"\} [1-9]/,
    );
    expect(text).toMatch(/sluice_errors_total\{code="invalid_key"[^}]*\} [1-9]/);
    expect(text).toContain("\nsluice_in_flight 0\n");
  });
});
