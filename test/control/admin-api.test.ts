// The admin API of a running gateway with real calls behind it: keys as callers feel them, usage in every
// grouping, decisions, targets, the configuration, its own description, metrics and addresses.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ROUTES } from "#control/api/routes.ts";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";
import { USAGE_GROUPS } from "#core/ports/record-store.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import {
  answer,
  closedGate,
  failure,
  startUpstream,
  type Upstream,
} from "#support/upstream/upstream.ts";

const ACME_KEY = "admin-acme-key-1e7c3a9f5d0b2846";
const BETA_KEY = "admin-beta-key-8b2d6f4a0e1c9735";
const PROVIDER_KEY = "admin-provider-key-5f9b3d7e1a2c8046";

function documentFor(origin: string, extra = ""): string {
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: ${PROVIDER_KEY} }
  ant: { kind: anthropic, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
models:
  assistant: { targets: [oai/gpt-4.1], attempts: 1 }
  failing: { targets: [oai/failing], attempts: 1 }
tenants:
  acme: { projects: { bot: {}, web: {} }, time_zone: Europe/Berlin }
  beta: {}
keys:
  - { name: acme-bot, tenant: acme, project: bot, tags: [red, blue], value: ${ACME_KEY} }
  - { name: beta-key, tenant: beta, value: ${BETA_KEY} }
prices:
  oai/*: { input: 1, output: 4 }
  ant/*: { input: 1, output: 4 }
${extra}`;
}

let upstream: Upstream;
let gateway: GatewayProcess;
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({ config: documentFor(upstream.origin) });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

interface CallWish {
  readonly key?: string;
  readonly model?: string;
  readonly user?: string;
  readonly stream?: boolean;
}

function call({ key = ACME_KEY, model = "assistant", user, stream }: CallWish): Promise<Response> {
  return fetch(`${gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: JSON.stringify({ model, user, stream, messages: [{ role: "user", content: "Hello." }] }),
  });
}

/** Status and body of an admin call. */
async function admin(
  path: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: JsonObject; headers: Headers }> {
  const { method = "GET", headers = {} } = init;
  const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
  const reply = await gateway.admin(path, { method, headers, ...body });
  const text = await reply.text();
  const json = text === "" ? {} : (asObject(JSON.parse(text)) ?? {});
  return { status: reply.status, body: json, headers: reply.headers };
}

function rowsOf(body: JsonObject): JsonObject[] {
  return asArray(body["data"]).map((row) => asObject(row) ?? {});
}

function errorOf(body: JsonObject): JsonObject {
  const error = asObject(body["error"]) ?? {};
  expect(Object.keys(error)).toEqual(expect.arrayContaining(["code", "message", "path", "hint"]));
  return error;
}

async function createKey(wish: object): Promise<{ id: string; key: string }> {
  const { status, body } = await admin("/keys", { method: "POST", body: wish });
  expect(status).toBe(201);
  return { id: `${body["id"]}`, key: `${body["key"]}` };
}

describe("keys", () => {
  test("are made with all that the contract lists, and shown once", async () => {
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    const wish = {
      name: "full",
      tenant: "acme",
      project: "web",
      models: ["assistant"],
      tags: ["a", "b"],
      expires_at: expires,
    };
    const made = await admin("/keys", { method: "POST", body: wish });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...wish, status: "active", revoked_at: null });
    const key = `${made.body["key"]}`;
    expect(key).toMatch(/^sk-sluice-\w{40,}$/);
    const { body } = await admin("/keys?tenant=acme");
    const [listed] = rowsOf(body).filter(({ name }) => name === "full");
    expect(listed).toMatchObject(wish);
    expect(listed?.["key"]).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain(key.slice(-20));
    expect((await call({ key })).status).toBe(200);
  });

  test.each<[string, object, string, string]>([
    ["no name", { tenant: "acme" }, "invalid_request", "name"],
    ["no tenant", { name: "x" }, "invalid_request", "tenant"],
    ["an unknown tenant", { name: "x", tenant: "nobody" }, "invalid_request", "tenant"],
    [
      "another's project",
      { name: "x", tenant: "beta", project: "bot" },
      "invalid_request",
      "project",
    ],
    ["an unknown plan", { name: "x", tenant: "acme", plan: "gold" }, "invalid_request", "plan"],
    ["a wrong type", { name: "x", tenant: "acme", tags: "red" }, "invalid_request", "tags"],
    [
      "a wrong time",
      { name: "x", tenant: "acme", expires_at: "soon" },
      "invalid_request",
      "expires_at",
    ],
    [
      "a field that is none",
      { name: "x", tenant: "acme", colour: "red" },
      "invalid_request",
      "colour",
    ],
    ["control characters", { name: "a\u0000b", tenant: "acme" }, "invalid_request", "name"],
    [
      "a budget",
      { name: "x", tenant: "acme", budget: { usd: 1, per: "day" } },
      "not_available",
      "budget",
    ],
    ["limits", { name: "x", tenant: "acme", limits: {} }, "not_available", "limits"],
  ])("with %s are refused", async (_, wish, code, path) => {
    const { status, body } = await admin("/keys", { method: "POST", body: wish });
    expect(status).toBe(400);
    expect(errorOf(body)).toMatchObject({ code, path });
  });

  test("have names that are taken once", async () => {
    await createKey({ name: "unique", tenant: "acme" });
    const again = await admin("/keys", {
      method: "POST",
      body: { name: "unique", tenant: "acme" },
    });
    expect([again.status, errorOf(again.body)["code"]]).toEqual([409, "conflict"]);
  });

  test("are listed page by page, each once", async () => {
    for (const name of ["p1", "p2", "p3", "p4", "p5"]) await createKey({ name, tenant: "beta" });
    const all = rowsOf((await admin("/keys?tenant=beta")).body).map(({ name }) => name);
    const seen: unknown[] = [];
    let cursor: unknown = "";
    while (cursor !== null) {
      const { body } = await admin(`/keys?tenant=beta&limit=2&cursor=${cursor}`);
      expect(rowsOf(body).length).toBeLessThanOrEqual(2);
      seen.push(...rowsOf(body).map(({ name }) => name));
      cursor = body["next_cursor"];
    }
    expect(seen).toEqual(all);
    expect(all).toEqual(["p1", "p2", "p3", "p4", "p5"]);
  });

  test.each([
    "limit=0",
    "limit=1001",
    "limit=x",
    "cursor=!!",
    "cursor=eA",
    "colour=red",
    "limit=1&limit=2",
  ])("are not listed by ?%s", async (query) => {
    const { status, body } = await admin(`/keys?${query}`);
    expect([status, errorOf(body)["code"]]).toEqual([400, "invalid_request"]);
  });

  test("are rotated with a grace in which both texts work", async () => {
    const { id, key } = await createKey({ name: "rotating", tenant: "acme" });
    const before = Date.now();
    const rotated = await admin(`/keys/${id}/rotate`, {
      method: "POST",
      body: { grace_seconds: 60 },
    });
    expect(rotated.status).toBe(200);
    expect(rotated.body["id"]).toBe(id);
    const second = `${rotated.body["key"]}`;
    expect(second).toStartWith("sk-sluice-");
    const until = Date.parse(asString(rotated.body["old_valid_until"]) ?? "");
    expect(until).toBeGreaterThanOrEqual(before + 60_000);
    expect(until).toBeLessThanOrEqual(Date.now() + 60_000);
    expect([(await call({ key })).status, (await call({ key: second })).status]).toEqual([
      200, 200,
    ]);
    const ended = await admin(`/keys/${id}/rotate`, { method: "POST", body: { grace_seconds: 0 } });
    for (const old of [key, second]) expect((await call({ key: old })).status).toBe(401);
    expect((await call({ key: `${ended.body["key"]}` })).status).toBe(200);
  });

  test("that are revoked end what they opened, here and at the upstream, and it is recorded", async () => {
    const gate = closedGate();
    upstream.always("gpt-4.1", answer({ text: "a b c d e" }, { hold: { afterTokens: 2, gate } }));
    const { id, key } = await createKey({ name: "ending", tenant: "acme" });
    const reply = await call({ key, stream: true });
    await gate.reached;
    const seen = upstream.requests.at(-1);
    const revoked = await admin(`/keys/${id}`, { method: "DELETE" });
    expect(revoked.status).toBe(204);
    const text = await reply.text();
    expect(text).toContain("invalid_key");
    expect(text).not.toContain("[DONE]");
    expect(await seen?.closed).toBe("client");
    const decision = await gateway.decision(reply.headers.get("x-sluice-decision") ?? "");
    expect(decision).toMatchObject({ outcome: "truncated", code: "invalid_key" });
    gate.open();
    upstream.clear();
    expect((await call({ key })).status).toBe(401);
    expect(
      (await admin(`/keys/${id}/rotate`, { method: "POST", body: { grace_seconds: 1 } })).status,
    ).toBe(404);
    const [listed] = rowsOf((await admin("/keys?limit=1000")).body).filter(
      (row) => row["id"] === id,
    );
    expect(listed).toMatchObject({ status: "revoked", revoked_at: expect.any(String) });
  });

  test("that nobody made are not found", async () => {
    const missing = [
      await admin("/keys/nothing", { method: "DELETE" }),
      await admin("/keys/nothing/rotate", { method: "POST", body: { grace_seconds: 1 } }),
      await admin("/keys/%00%2f..", { method: "DELETE" }),
    ];
    for (const { status } of missing) expect([400, 404]).toContain(status);
  });
});

describe("bodies and paths of the admin API", () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${gateway.adminUrl}/admin/v1/keys`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${gateway.adminKey}`,
        "content-type": "application/json",
        ...headers,
      },
      body,
    });

  test.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number]>([
    ["no body", "", {}, 400],
    ["no JSON", "{", {}, 400],
    ["an array", "[]", {}, 400],
    ["a key twice", '{"name":"a","name":"b","tenant":"acme"}', {}, 400],
    ["__proto__", '{"name":"a","tenant":"acme","__proto__":{}}', {}, 400],
    ["a deep nest", "[".repeat(300_000), {}, 400],
    ["invalid UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400],
    ["too much", `"${"x".repeat(9_000_000)}"`, {}, 413],
    ["another type", "{}", { "content-type": "text/plain" }, 415],
    ["gzip", "{}", { "content-encoding": "gzip" }, 415],
  ])("%s is refused", async (_, body, headers, status) => {
    const reply = await post(body, headers);
    expect(reply.status).toBe(status);
    errorOf(asObject(await reply.json()) ?? {});
  });

  test.each([
    ["GET", "/nothing", 404, "unknown_route"],
    ["PATCH", "/keys", 405, "method_not_allowed"],
    ["GET", "/keys/x/rotate", 405, "method_not_allowed"],
    ["GET", "/keys/", 404, "unknown_route"],
    ["GET", "/decisions/%ff", 400, "invalid_request"],
    ["GET", "/ledger", 400, "not_available"],
    ["GET", "/budgets", 400, "not_available"],
    ["POST", "/explain", 400, "not_available"],
    ["POST", "/replay", 400, "not_available"],
  ])("%s %s is %i %s", async (method, path, status, code) => {
    const found = await admin(path, { method });
    expect([found.status, errorOf(found.body)["code"]]).toEqual([status, code]);
  });
});

describe("usage", () => {
  beforeAll(async () => {
    upstream.clear();
    upstream.always("failing", failure(500));
    await Promise.all([
      call({ user: "ann" }),
      call({ user: "ann" }),
      call({ user: "bob", stream: true }).then((reply) => reply.text()),
      call({ user: "bob", model: "ant/claude-sonnet-4-5" }),
      call({ key: BETA_KEY }),
      call({ key: BETA_KEY, model: "failing" }),
      call({ key: BETA_KEY, model: "nothing-like-it" }),
    ]);
  });

  const sums = (rows: readonly JsonObject[]) => ({
    requests: rows.reduce((sum, row) => sum + Number(row["requests"]), 0),
    output: rows.reduce((sum, row) => sum + Number(row["output_tokens"]), 0),
  });

  test.each(USAGE_GROUPS)("grouped by %s adds up to the whole", async (group) => {
    const [whole = {}] = await gateway.usageRows("");
    const rows = await gateway.usageRows(group);
    expect(rows.every((row) => group in row)).toBe(true);
    // Every tag of a key has a row, so that those may add up to more.
    if (group === "tag")
      expect(sums(rows).requests).toBeGreaterThanOrEqual(Number(whole["requests"]));
    else expect(sums(rows)).toEqual(sums([whole]));
    const distinct = new Set(rows.map((row) => `${row[group]} ${row["key_id"]}`));
    expect(distinct.size).toBe(rows.length);
  });

  test("grouped by several names holds exact tokens and dollars", async () => {
    const rows = await gateway.usageRows("tenant,project,key,user,model,target,provider");
    const [row] = rows.filter(({ user, model }) => user === "ann" && model === "assistant");
    expect(row).toMatchObject({
      tenant: "acme",
      project: "bot",
      key: "acme-bot",
      target: "oai/gpt-4.1",
      provider: "oai",
      requests: 2,
      errors: 0,
      input_tokens: 22,
      cache_read_tokens: 0,
      cache_write_5m_tokens: 0,
      cache_write_1h_tokens: 0,
      output_tokens: 14,
      reasoning_tokens: 0,
      // 2 x (11 x 1 + 7 x 4) dollars a million.
      cost_usd: "0.000078",
    });
    const byTag = await gateway.usageRows("tag,user");
    const tagged = byTag
      .filter(({ user }) => user === "ann")
      .map(({ tag, requests }) => [tag, requests]);
    expect(tagged.sort()).toEqual([
      ["blue", 2],
      ["red", 2],
    ]);
  });

  test("counts what was answered with an error", async () => {
    const rows = await gateway.usageRows("tenant,model");
    const errors = (name: string) =>
      rows.filter(({ tenant, model }) => tenant === "beta" && model === name);
    expect(errors("failing")).toMatchObject([{ requests: 1, errors: 1, output_tokens: 0 }]);
    expect(errors("nothing-like-it")).toMatchObject([{ requests: 1, errors: 1, cost_usd: "0" }]);
    expect(errors("assistant")).toMatchObject([{ requests: 1, errors: 0 }]);
  });

  test("does not count what came without a key", async () => {
    const [before = {}] = await gateway.usageRows("");
    expect((await call({ key: "nobody-has-this-key-0000" })).status).toBe(401);
    const [after = {}] = await gateway.usageRows("");
    expect(after["requests"]).toBe(before["requests"] as number);
  });

  test("cuts days and hours in the time zone asked for", async () => {
    for (const zone of ["UTC", "Asia/Kathmandu", "Pacific/Auckland"]) {
      const query = `group_by=day,hour&time_zone=${encodeURIComponent(zone)}`;
      const [row = {}] = rowsOf((await admin(`/usage?${query}`)).body);
      const hour = asString(row["hour"]) ?? "";
      const day = asString(row["day"]) ?? "";
      expect(hour).toStartWith(day);
      expect(Date.now() - Date.parse(hour)).toBeLessThan(2 * 3_600_000);
    }
  });

  test("is cut at from, inclusive, and to, exclusive", async () => {
    const newest = rowsOf((await admin("/decisions?limit=1")).body)[0] ?? {};
    const at = encodeURIComponent(asString(newest["at"]) ?? "");
    const count = async (query: string) => {
      const [row] = rowsOf((await admin(`/usage?${query}`)).body);
      return Number(row?.["requests"] ?? 0);
    };
    expect(await count(`from=${at}`)).toBeGreaterThan(0);
    const whole = await count("");
    expect((await count(`to=${at}`)) + (await count(`from=${at}`))).toBe(whole);
  });

  test("goes page by page without losing a row", async () => {
    const all = await gateway.usageRows("tenant,user,model");
    const seen: JsonObject[] = [];
    let cursor: unknown = "";
    while (cursor !== null) {
      const { body } = await admin(`/usage?group_by=tenant,user,model&limit=1&cursor=${cursor}`);
      seen.push(...rowsOf(body));
      cursor = body["next_cursor"];
    }
    expect(seen).toEqual(all);
  });

  test.each([
    "group_by=colour",
    "group_by=tenant,tenant",
    "from=yesterday",
    "time_zone=Mars/Olympus",
    "limit=5000",
    "cursor=abc",
    "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
  ])("?%s is refused", async (query) => {
    const { status, body } = await admin(`/usage?${query}`);
    expect([status, errorOf(body)["code"]]).toEqual([400, "invalid_request"]);
  });
});

describe("decisions", () => {
  test("hold everything that the contract lists", async () => {
    const reply = await call({ user: "ann" });
    const id = reply.headers.get("x-sluice-decision") ?? "";
    const decision = await gateway.decision(id);
    expect(decision).toMatchObject({
      id,
      request_id: id.replace("dec_", "req_"),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      caller: { tenant: "acme", project: "bot", tags: ["red", "blue"] },
      facts: { dialect: "openai-chat", model: "assistant", stream: false, message_count: 1 },
      outcome: "answered",
      route: [{ target: "oai/gpt-4.1", because: [{ code: "priority" }] }],
      rejected: [],
      attempts: [
        {
          target: "oai/gpt-4.1",
          status: 200,
          outcome: "succeeded",
          usage: { input_tokens: 11, output_tokens: 7 },
          cost_usd: "0.000039",
        },
      ],
      usage: { input_tokens: 11, output_tokens: 7 },
      cost_usd: "0.000039",
      notices: [],
      snapshot: reply.headers.get("x-sluice-snapshot"),
      draw: expect.any(Number),
    });
    for (const name of ["label", "rule", "expected_usd", "worst_usd", "session", "parent"]) {
      expect(name in decision).toBe(true);
    }
    expect(await gateway.decision(id.replace("dec_", "req_"))).toEqual(decision);
    expect(JSON.stringify(decision)).not.toContain("Hello.");
  });

  test("are filtered by each field, and by several", async () => {
    const list = async (query: string) =>
      rowsOf((await admin(`/decisions?limit=1000&${query}`)).body);
    const all = await list("");
    for (const [query, matches] of [
      ["tenant=beta", (row: JsonObject) => asObject(row["caller"])?.["tenant"] === "beta"],
      ["model=failing", (row: JsonObject) => asObject(row["facts"])?.["model"] === "failing"],
      ["target=oai/gpt-4.1", (row: JsonObject) => row["target"] === "oai/gpt-4.1"],
      ["outcome=failed", (row: JsonObject) => row["outcome"] === "failed"],
      [
        "tenant=acme&outcome=answered",
        (row: JsonObject) =>
          asObject(row["caller"])?.["tenant"] === "acme" && row["outcome"] === "answered",
      ],
    ] as const) {
      const expected = all.filter(matches).map(({ id }) => id);
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.length).toBeLessThan(all.length);
      expect((await list(query)).map(({ id }) => id)).toEqual(expected);
    }
    expect(await list("tenant=nobody")).toEqual([]);
    const times = all.map(({ at }) => Date.parse(String(at)));
    expect(times).toEqual([...times].sort((left, right) => right - left));
  });

  test("go page by page, each once", async () => {
    const all = rowsOf((await admin("/decisions?limit=1000")).body).map(({ id }) => id);
    const seen: unknown[] = [];
    let cursor: unknown = "";
    while (cursor !== null) {
      const { body } = await admin(`/decisions?limit=3&cursor=${cursor}`);
      seen.push(...rowsOf(body).map(({ id }) => id));
      cursor = body["next_cursor"];
    }
    expect(seen).toEqual(all);
  });

  test("that are none are not found", async () => {
    for (const id of ["dec_nothing", "x", "%27%3B--", "dec_00000000000000000000000000"]) {
      const { status, body } = await admin(`/decisions/${id}`);
      expect([status, errorOf(body)["code"]]).toEqual([404, "not_found"]);
    }
  });
});

test("targets show how each has fared", async () => {
  const rows = rowsOf((await admin("/targets")).body);
  const [good] = rows.filter(({ target }) => target === "oai/gpt-4.1");
  expect(good).toMatchObject({ breaker: "closed", error_rate: 0, in_flight: 0 });
  expect(Number(good?.["samples"])).toBeGreaterThan(0);
  const [bad] = rows.filter(({ target }) => target === "oai/failing");
  expect(Number(bad?.["error_rate"])).toBeGreaterThan(0);
  for (const name of ["key", "first_token_p50_ms", "first_token_p95_ms", "tokens_per_second"]) {
    expect(name in (good ?? {})).toBe(true);
  }
});

describe("metrics", () => {
  const scrape = async (): Promise<string> => {
    const headers = { authorization: `Bearer ${gateway.adminKey}` };
    return (await fetch(`${gateway.baseUrl}/metrics`, { headers })).text();
  };
  const value = (text: string, line: RegExp): number => {
    const found = text.split("\n").filter((each) => line.test(each));
    return found.reduce((sum, each) => sum + Number(each.slice(each.lastIndexOf(" "))), 0);
  };

  test("count requests, tokens, cost, errors and times by provider, model and tenant", async () => {
    const before = await scrape();
    await (await call({})).text();
    await (await call({ stream: true })).text();
    await (await call({ key: BETA_KEY, model: "failing" })).text();
    const after = await scrape();
    const grown = (line: RegExp) => value(after, line) - value(before, line);
    const served = /provider="oai",model="gpt-4.1",tenant="acme"/.source;
    expect(grown(new RegExp(`^sluice_requests_total\\{[^}]*${served},status="2xx"`))).toBe(2);
    expect(grown(/^sluice_requests_total\{[^}]*tenant="beta",status="5xx"/)).toBe(1);
    expect(grown(/^sluice_errors_total\{code="upstream_failed"/)).toBe(1);
    expect(grown(new RegExp(`^sluice_tokens_total\\{class="input",${served}`))).toBe(22);
    expect(grown(new RegExp(`^sluice_tokens_total\\{class="output",${served}`))).toBe(14);
    expect(grown(new RegExp(`^sluice_cost_usd_total\\{${served}`))).toBeCloseTo(0.000078, 9);
    expect(grown(new RegExp(`^sluice_request_duration_seconds_count\\{${served}`))).toBe(2);
    expect(grown(new RegExp(`^sluice_first_token_seconds_count\\{${served}`))).toBe(1);
    expect(grown(/^sluice_attempts_total\{[^}]*model="failing"/)).toBe(1);
    expect(value(after, /^sluice_in_flight /)).toBe(0);
  });

  test("are in a form that scrapers read", async () => {
    const text = await scrape();
    const typed = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    for (const line of text.trimEnd().split("\n")) {
      if (line.startsWith("#")) continue;
      const [, name = ""] =
        /^(\w+)(?:\{(?:\w+="(?:[^"\\\n]|\\.)*",?)*\})? (?:[\d.e+-]+|\+Inf|NaN)$/.exec(line) ?? [];
      expect(typed.has(name.replace(/_(bucket|sum|count)$/, "")) || typed.has(name)).toBe(true);
    }
  });

  test("stay bounded, whatever callers make up", async () => {
    const made = Array.from({ length: 600 }, (_, index) => `oai/made-up-${index}"\n{}`);
    await Promise.all(made.map((model) => call({ model }).then((reply) => reply.arrayBuffer())));
    const text = await scrape();
    const names = new Set([...text.matchAll(/model="((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name));
    expect(names.size).toBeLessThan(600);
    expect(names).toContain("other");
    expect(text.length).toBeLessThan(3_000_000);
  });
});

describe("the OpenAPI document", () => {
  test("describes every route that is built, with parameters and answers that resolve", async () => {
    const { body } = await admin("/openapi.json");
    expect(body["openapi"]).toBe("3.1.0");
    const paths = asObject(body["paths"]) ?? {};
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(asObject(item) ?? {}).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        operation: asObject(operation) ?? {},
      })),
    );
    const built = ROUTES.filter(({ response }) => response !== undefined);
    expect(operations.map(({ name }) => name).sort()).toEqual(
      built.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    const ids = operations.map(({ operation }) => operation["operationId"]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const parameters = asArray(operation["parameters"]).map((each) => asObject(each) ?? {});
      const inPath = parameters.filter((each) => each["in"] === "path").map(({ name }) => name);
      expect(inPath as string[]).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name),
      );
      for (const parameter of parameters) expect(asObject(parameter["schema"])).toBeDefined();
      expect(Object.keys(asObject(operation["responses"]) ?? {}).length).toBe(2);
    }
    for (const [, reference = ""] of JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference.split("/").reduce<unknown>((at, step) => asObject(at)?.[step], body);
      expect(found).toBeDefined();
    }
  });
});

describe("the configuration", () => {
  let own: GatewayProcess;
  const BASE = `version: 1
providers:
  demo: { kind: demo }
models:
  assistant: { targets: [demo/echo] }
tenants:
  acme: {}
`;
  beforeAll(async () => {
    own = await startGateway({ config: BASE });
  });
  afterAll(() => own.stop());

  const ask = async (path: string, method = "GET", body?: object, headers = {}) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await own.admin(path, { method, headers, ...text });
    return {
      status: reply.status,
      headers: reply.headers,
      body: asObject(await reply.json()) ?? {},
    };
  };
  const put = (config: string, version: unknown) =>
    ask("/config", "PUT", { config }, { "if-match": String(version) });

  test("is read with its version, and changed by those who know it", async () => {
    const first = await ask("/config");
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      config: BASE,
      version: 1,
      source: `file:${own.configPath}`,
    });
    expect(first.headers.get("etag")).toBe('"1"');

    const { key } = asObject(
      await (
        await own.admin("/keys", { method: "POST", body: '{"name":"a","tenant":"acme"}' })
      ).json(),
    ) ?? { key: "" };
    const statusOf = async (model: string) => {
      const reply = await fetch(`${own.baseUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { "x-api-key": String(key) },
        body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello." }] }),
      });
      return reply.status;
    };
    expect(await statusOf("second")).toBe(404);

    const changed = BASE.replace("models:", "models:\n  second: { targets: [demo/json] }");
    const without = await ask("/config", "PUT", { config: changed });
    expect([without.status, errorOf(without.body)["path"]]).toEqual([400, "if-match"]);
    for (const version of [0, 2, 99]) {
      const moved = await put(changed, version);
      expect([moved.status, errorOf(moved.body)["code"]]).toEqual([412, "version_moved"]);
    }
    expect((await put(changed, "x")).status).toBe(400);
    expect(await statusOf("second")).toBe(404);

    const applied = await put(changed, '"1"');
    expect(applied.status).toBe(200);
    expect(applied.body).toMatchObject({ version: 2, source: "api", config: changed });
    expect(await statusOf("second")).toBe(200);

    const rolled = await ask("/config/rollback", "POST", { version: 1 }, { "if-match": "2" });
    expect(rolled.status).toBe(200);
    expect(rolled.body).toMatchObject({ version: 3, source: "rollback:1", config: BASE });
    expect(await statusOf("second")).toBe(404);
    const nothing = await ask("/config/rollback", "POST", { version: 77 });
    expect([nothing.status, errorOf(nothing.body)["code"]]).toEqual([404, "not_found"]);

    const versions = rowsOf((await ask("/config/versions")).body);
    expect(versions.map(({ version, source }) => [version, source])).toEqual([
      [3, "rollback:1"],
      [2, "api"],
      [1, `file:${own.configPath}`],
    ]);
    expect(versions[0]?.["hash"]).toBe(versions[2]?.["hash"] as string);
  });

  test.each<[string, string, string]>([
    ["broken YAML", "version: [", ""],
    ["another version", "version: 2\n", "version"],
    ["an unknown key", `${BASE}modles: {}\n`, "modles"],
    ["an unknown provider", BASE.replace("demo/echo", "demmo/echo"), "models.assistant.targets[0]"],
    ["a key without an engine", `${BASE}labels: { default: internal }\n`, "labels"],
    [
      "a literal secret",
      BASE.replace(
        "demo: { kind: demo }",
        "oai: { kind: openai, api_key: sk-aaaaaaaaaaaaaaaaaaaa }",
      ),
      "providers.oai.api_key",
    ],
    [
      "the gateway's environment",
      BASE.replace(
        "demo: { kind: demo }",
        `oai: { kind: openai, api_key: "\${env:SLUICE_ADMIN_KEY}" }`,
      ),
      "providers.oai.api_key",
    ],
    [
      "a file of the gateway's machine",
      BASE.replace(
        "demo: { kind: demo }",
        `oai: { kind: openai, api_key: "\${file:/etc/passwd}" }`,
      ),
      "providers.oai.api_key",
    ],
    [
      "a private address",
      BASE.replace(
        "demo: { kind: demo }",
        'x: { kind: openai-compatible, base_url: "http://127.0.0.1:1/v1" }',
      ),
      "providers.x.base_url",
    ],
    [
      "the metadata service",
      BASE.replace(
        "demo: { kind: demo }",
        'x: { kind: openai-compatible, base_url: "http://169.254.169.254/v1" }',
      ),
      "providers.x.base_url",
    ],
  ])(
    "with %s is refused whole with 422, and by the check with the place",
    async (_, config, path) => {
      const { body: before } = await ask("/config");
      const refused = await put(config, before["version"]);
      expect([refused.status, errorOf(refused.body)["code"]]).toEqual([422, "invalid_config"]);
      expect((await ask("/config")).body).toEqual(before);

      const { status, body } = await ask("/config/check", "POST", { config });
      expect(status).toBe(200);
      expect(body["valid"]).toBe(false);
      const issues = asArray(body["errors"]).map((each) => asObject(each) ?? {});
      expect(issues.length).toBeGreaterThan(0);
      expect(issues.map((issue) => issue["path"])).toContain(path);
      for (const issue of issues) {
        expect(Number(issue["line"])).toBeGreaterThan(0);
        expect(Number(issue["column"])).toBeGreaterThan(0);
        expect(asString(issue["message"])).not.toBe("");
        expect("hint" in issue).toBe(true);
      }
      expect(JSON.stringify([refused.body, body])).not.toContain(own.adminKey);
      expect(JSON.stringify([refused.body, body])).not.toContain("root:");
    },
  );

  test("that is fine is said to be so, and nothing changes", async () => {
    const { body: before } = await ask("/config");
    const changed = BASE.replace("demo/echo", "demo/json");
    expect((await ask("/config/check", "POST", { config: changed })).body).toEqual({
      valid: true,
      errors: [],
      warnings: [],
      tests: [],
    });
    expect((await ask("/config")).body).toEqual(before);
  });
});

describe("addresses", () => {
  test("with admin_listen the admin API and metrics answer there and nowhere else", async () => {
    const own = await startGateway({
      config: `
server: { admin_listen: "127.0.0.1:0" }
providers: { demo: { kind: demo } }
tenants: { acme: {} }
keys: [{ name: a, tenant: acme, value: ${ACME_KEY} }]
`,
    });
    try {
      expect(own.adminUrl).not.toBe(own.baseUrl);
      const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
      const status = async (url: string, key: string) => (await fetch(url, bearer(key))).status;
      for (const path of ["/admin/v1/keys", "/admin/v1/openapi.json", "/metrics"]) {
        expect(await status(`${own.adminUrl}${path}`, own.adminKey)).toBe(200);
        expect(await status(`${own.baseUrl}${path}`, own.adminKey)).toBe(404);
      }
      expect(await status(`${own.baseUrl}/v1/models`, ACME_KEY)).toBe(200);
      for (const path of ["/v1/models", "/v1/chat/completions", "/v1beta/models"]) {
        expect(await status(`${own.adminUrl}${path}`, ACME_KEY)).toBe(404);
      }
      for (const url of [own.baseUrl, own.adminUrl]) {
        for (const path of ["/", "/healthz", "/readyz"])
          expect(await status(url + path, "")).toBe(200);
      }
    } finally {
      await own.stop();
    }
  });

  test("with metrics: public the metrics need no key, and everything else still does", async () => {
    const own = await startGateway({
      config: "server: { metrics: public }\nproviders: { demo: { kind: demo } }\n",
    });
    try {
      const reply = await fetch(`${own.baseUrl}/metrics`);
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain("sluice_in_flight 0");
      expect((await fetch(`${own.baseUrl}/admin/v1/keys`)).status).toBe(401);
      expect((await fetch(`${own.baseUrl}/metrics`, { method: "POST" })).status).toBe(405);
    } finally {
      await own.stop();
    }
  });
});
