// Every route of the running process with no credential, a caller's key and the admin key: only what is
// on the public list answers without one, and neither key opens what the other is for.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { METRICS_PATH, PROBES } from "#app/front-door.ts";
import { ROUTES } from "#control/api/routes.ts";
import { asObject, asString } from "#core/json.ts";
import { listedRoutes } from "#gateway/routes.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";

/** What answers to anybody. Whoever adds to it changes what strangers may see. */
const PUBLIC = ["GET /", "HEAD /", "GET /healthz", "HEAD /healthz", "GET /readyz", "HEAD /readyz"];

const CALLER_KEY = "walk-caller-key-4f8d2b6a0c9e7135";
const CONFIG = `
providers:
  demo: { kind: demo }
tenants:
  acme: {}
keys:
  - { name: walk, tenant: acme, value: ${CALLER_KEY} }
`;

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGateway({ config: CONFIG });
});
afterAll(() => gateway.stop());

interface Line {
  readonly method: string;
  readonly path: string;
}

const name = ({ method, path }: Line): string => `${method} ${path}`;
const filled = ({ method, path }: Line): Line => ({
  method,
  path: path
    .replace("{model}", "demo/echo")
    .replace("{id}", "some-id")
    .replace("{provider}/{path}", "demo/v1/anything"),
});

const GATEWAY_LINES = listedRoutes().map(filled);
const ADMIN_LINES = ROUTES.map(filled);
const PROBE_LINES = PROBES.flatMap((path) => [
  { method: "GET", path },
  { method: "HEAD", path },
]);
const METRIC_LINES = [
  { method: "GET", path: METRICS_PATH },
  { method: "HEAD", path: METRICS_PATH },
];
const EVERY_LINE = [...GATEWAY_LINES, ...ADMIN_LINES, ...PROBE_LINES, ...METRIC_LINES];

/** Each header that a credential may stand in, for every value that is none here. */
const CREDENTIALS: readonly (readonly [string, Record<string, string>])[] = [
  ["none", {}],
  ["an empty one", { authorization: "Bearer " }],
  ["the demo key", { authorization: "Bearer sk-sluice-demo" }],
  ["another scheme", { authorization: `Basic ${btoa("admin:admin")}` }],
  ["a cookie", { cookie: `key=${CALLER_KEY}` }],
];

function ask({ method, path }: Line, headers: Record<string, string>): Promise<Response> {
  const body = method === "GET" || method === "HEAD" || method === "DELETE" ? {} : { body: "{}" };
  return fetch(`${gateway.baseUrl}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...body,
  });
}

async function codeOf(reply: Response): Promise<string> {
  const error = asObject(asObject(await reply.json().catch(() => undefined))?.["error"]);
  return reply.headers.get("x-sluice-error") ?? asString(error?.["code"]) ?? "";
}

describe("the tables", () => {
  test("hold what the contract lists", () => {
    const names = EVERY_LINE.map(name);
    for (const expected of [
      "POST /v1/chat/completions",
      "POST /v1/responses",
      "POST /v1/messages",
      "POST /v1/messages/count_tokens",
      "POST /v1beta/models/demo/echo:generateContent",
      "POST /v1beta/models/demo/echo:streamGenerateContent",
      "POST /v1beta/models/demo/echo:countTokens",
      "POST /v1/models/demo/echo:generateContent",
      "POST /v1/embeddings",
      "GET /v1/models",
      "GET /v1/models/demo/echo",
      "GET /v1beta/models",
      "POST /openai/v1/chat/completions",
      "POST /anthropic/v1/messages",
      "POST /gemini/v1beta/models/demo/echo:generateContent",
      "POST /passthrough/demo/v1/anything",
      "GET /admin/v1/keys",
      "PUT /admin/v1/config",
      "GET /admin/v1/openapi.json",
    ]) {
      expect(names).toContain(expected);
    }
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("without a credential", () => {
  test.each(CREDENTIALS)("(%s) only the public list answers", async (_, headers) => {
    const answered: string[] = [];
    for (const line of EVERY_LINE) {
      const reply = await ask(line, headers);
      const text = await reply.text();
      if (reply.status < 400) answered.push(name(line));
      else expect(`${name(line)} ${reply.status}`).toBe(`${name(line)} 401`);
      // Nothing of what is configured stands in what a stranger gets.
      expect(text).not.toMatch(/demo\/|acme|walk/);
    }
    expect(answered.sort()).toEqual([...PUBLIC].sort());
  });

  test("paths that do not exist are not told from those that do", async () => {
    for (const path of ["/v1/nothing", "/admin/v1/nothing", "/ui", "/v1/fine-tuning/jobs"]) {
      expect((await ask({ method: "GET", path }, {})).status).toBe(401);
    }
  });

  test("a path that is only spelled like a public one is none", async () => {
    for (const path of ["/healthz/", "/healthz%2f", "/Healthz", "/readyz/x", "/;"]) {
      expect((await ask({ method: "GET", path }, {})).status).toBe(401);
    }
  });
});

/** What an empty body is answered with, by code. */
const WRONG: Readonly<Record<string, string>> = {
  invalid_request: "400 invalid_request",
  not_available: "400 not_available",
  unsupported_encoding: "415 unsupported_encoding",
  unknown_route: "404 unknown_route",
};

describe("with a caller's key", () => {
  const headers = { authorization: `Bearer ${CALLER_KEY}` };

  test.each(ADMIN_LINES.concat(METRIC_LINES).map((line) => [name(line), line] as const))(
    "%s stays closed",
    async (_, line) => {
      for (const credential of [headers, { "x-api-key": CALLER_KEY }]) {
        expect((await ask(line, credential)).status).toBe(401);
      }
    },
  );

  test.each(GATEWAY_LINES.map((line) => [name(line), line] as const))(
    "%s knows the caller, and says what is wrong with an empty body",
    async (_, line) => {
      const reply = await ask(line, headers);
      if (line.method === "GET") expect(reply.status).toBe(200);
      else {
        // Files come as forms, and what passes through has to be listed.
        const code = await codeOf(reply);
        expect([`${reply.status} ${code}`, line.path]).toEqual([WRONG[code] ?? code, line.path]);
      }
    },
  );
});

describe("with the admin key", () => {
  const adminHeaders = (): Record<string, string> => ({
    authorization: `Bearer ${gateway.adminKey}`,
  });

  test.each(GATEWAY_LINES.map((line) => [name(line), line] as const))(
    "%s stays closed",
    async (_, line) => {
      for (const headers of [adminHeaders(), { "x-api-key": gateway.adminKey }]) {
        const reply = await ask(line, headers);
        expect(reply.status).toBe(401);
        expect(await codeOf(reply)).toBe("invalid_key");
      }
    },
  );

  test.each(ADMIN_LINES.concat(METRIC_LINES).map((line) => [name(line), line] as const))(
    "%s is open",
    async (_, line) => {
      const reply = await ask(line, adminHeaders());
      expect([401, 403, 405, 500]).not.toContain(reply.status);
    },
  );

  test("the admin key is taken as a bearer token alone", async () => {
    const line = { method: "GET", path: "/admin/v1/keys" };
    for (const headers of [
      { "x-api-key": gateway.adminKey },
      { authorization: gateway.adminKey },
      { authorization: `Basic ${btoa(`admin:${gateway.adminKey}`)}` },
      { cookie: `authorization=Bearer ${gateway.adminKey}` },
    ] as Record<string, string>[]) {
      expect((await ask(line, headers)).status).toBe(401);
    }
    const byQuery = { method: "GET", path: `/admin/v1/keys?key=${gateway.adminKey}` };
    expect((await ask(byQuery, {})).status).toBe(401);
  });
});
