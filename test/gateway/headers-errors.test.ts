// The headers of every answer and the table of errors, each row in each dialect.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { ERRORS, type ErrorCode } from "#core/errors.ts";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";
import {
  answer,
  type Behaviour,
  closedGate,
  failure,
  rateLimited,
  silence,
  verbatim,
} from "#support/upstream/upstream.ts";
import {
  CALLER_KEY,
  startVendorBench,
  VENDORS,
  type Vendor,
  type VendorBench,
} from "./vendor-bench.ts";

const NARROW_KEY = "errors-narrow-key-6a1d9c3e7f5b2048";

/** Every vendor has the same virtual models: what fails by script has a target of its own. */
const FAILING = ["broken", "missing", "overloaded", "limited", "forbidden", "rejecting", "slow"];

function documentFor(origin: string): string {
  const models = VENDORS.flatMap(({ provider, model }) => [
    `  fine-${provider}: { targets: [${provider}/${model}], attempts: 1 }`,
    `  twice-${provider}: { targets: [${provider}/first-fails, ${provider}/${model}] }`,
    ...FAILING.map((name) => {
      const limit = name === "slow" ? ", total_timeout: 50ms" : "";
      return `  ${name}-${provider}: { targets: [${provider}/${name}], attempts: 1${limit} }`;
    }),
  ]);
  return `version: 1
server: { max_body_mb: 1 }
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: errors-provider-key }
  second: { kind: openai, base_url: "${origin}/v1", api_key: errors-provider-key }
  ant: { kind: anthropic, base_url: "${origin}", api_key: errors-provider-key }
  gem: { kind: gemini, base_url: "${origin}", api_key: errors-provider-key }
models:
${models.join("\n")}
plans:
  narrow: { models: [fine-oai] }
unpriced_models: deny
tenants:
  bench: {}
  narrow: { plan: narrow }
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
  - { name: narrow, tenant: narrow, value: ${NARROW_KEY} }
prices:
${VENDORS.flatMap(({ provider, model }) => [model, "first-fails", ...FAILING].map((name) => `  ${provider}/${name}: { input: 1, output: 4 }`)).join("\n")}
`;
}

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVendorBench(documentFor);
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

type Dialect = Vendor["dialect"];

interface Wish {
  readonly model: string;
  readonly key?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly more?: JsonObject;
  readonly stream?: boolean;
  /** Instead of a good body. */
  readonly body?: string;
  /** Instead of the dialect's path. */
  readonly path?: string;
}

/** A call as a client of that dialect makes it. */
function call(dialect: Dialect, wish: Wish): Promise<Response> {
  const { model, key = CALLER_KEY, method = "POST", stream = false } = wish;
  const user = { role: "user", content: "Hello." };
  const forms = {
    "openai-chat": {
      path: "/v1/chat/completions",
      body: { model, messages: [user], stream },
      credential: { authorization: `Bearer ${key}` },
    },
    "anthropic-messages": {
      path: "/v1/messages",
      body: { model, max_tokens: 50, messages: [user], stream },
      credential: { "x-api-key": key },
    },
    "gemini-generate": {
      path: `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
      body: { contents: [{ role: "user", parts: [{ text: "Hello." }] }] },
      credential: { "x-goog-api-key": key },
    },
  };
  const { path, body, credential } = forms[dialect];
  const text = wish.body ?? JSON.stringify({ ...body, ...wish.more });
  return fetch(`${bench.gateway.baseUrl}${wish.path ?? path}`, {
    method,
    headers: { "content-type": "application/json", ...credential, ...wish.headers },
    ...(method === "GET" ? {} : { body: text }),
  });
}

/** Checks that the error has the dialect's form, member by member, and says what the table says. */
async function expectError(
  dialect: Dialect,
  reply: Response,
  code: ErrorCode,
): Promise<JsonObject> {
  const { status, headers } = reply;
  expect(headers.get("x-sluice-error")).toBe(code);
  expect(headers.get("content-type")).toBe("application/json");
  const id = headers.get("x-request-id") ?? "";
  expect(id).toMatch(/^req_[0-9a-z]{26}$/);
  const body = asObject(await reply.json()) ?? {};
  const error = asObject(body["error"]) ?? {};
  const row = ERRORS[code];
  expect(asString(error["message"])?.length ?? 0).toBeGreaterThan(10);
  if (dialect === "openai-chat") {
    expect(Object.keys(body)).toEqual(["error"]);
    expect(Object.keys(error).sort()).toEqual(["code", "details", "message", "param", "type"]);
    expect(error).toMatchObject({ code, type: row.openaiType });
  } else if (dialect === "anthropic-messages") {
    expect(Object.keys(body).sort()).toEqual(["error", "request_id", "type"]);
    expect(body).toMatchObject({ type: "error", request_id: id });
    expect(Object.keys(error).sort()).toEqual(["code", "details", "message", "type"]);
    expect(error).toMatchObject({ code, type: row.anthropicType });
  } else {
    expect(Object.keys(body)).toEqual(["error"]);
    expect(Object.keys(error).sort()).toEqual(["code", "details", "message", "status"]);
    expect(error).toMatchObject({ code: status, status: row.geminiStatus });
    const [info] = asArray(error["details"]);
    expect(info).toMatchObject({
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: code,
      domain: "sluice",
    });
  }
  return error;
}

interface Situation {
  readonly name: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly wish: (provider: string) => Wish;
  /** What the upstream does to the model of the wish. */
  readonly script?: readonly [string, Behaviour];
  /** The headers that the row promises. */
  readonly headers?: Readonly<Record<string, string>>;
}

const REFUSALS: readonly Situation[] = [
  {
    name: "no key",
    status: 401,
    code: "invalid_key",
    wish: (provider) => ({ model: `fine-${provider}`, key: "" }),
  },
  {
    name: "a wrong key",
    status: 401,
    code: "invalid_key",
    wish: (provider) => ({ model: `fine-${provider}`, key: "sk-nobody-knows-this-one" }),
  },
  {
    name: "a model that is not allowed",
    status: 403,
    code: "model_not_allowed",
    wish: () => ({ model: "fine-ant", key: NARROW_KEY }),
  },
  {
    name: "an unknown model",
    status: 404,
    code: "unknown_model",
    wish: () => ({ model: "nothing-like-it" }),
  },
  {
    name: "an ambiguous model",
    status: 400,
    code: "ambiguous_model",
    wish: () => ({ model: "gpt-4.1-mini" }),
  },
  {
    name: "a wrong method",
    status: 405,
    code: "method_not_allowed",
    wish: (provider) => ({ model: `fine-${provider}`, method: "PATCH" }),
    headers: { allow: "POST" },
  },
  {
    name: "a wrong content type",
    status: 415,
    code: "unsupported_encoding",
    wish: (provider) => ({ model: `fine-${provider}`, headers: { "content-type": "text/html" } }),
  },
  {
    name: "malformed JSON",
    status: 400,
    code: "invalid_request",
    wish: (provider) => ({ model: `fine-${provider}`, body: "{" }),
  },
  {
    name: "a body that is too large",
    status: 413,
    code: "body_too_large",
    wish: (provider) => ({ model: `fine-${provider}`, body: " ".repeat(1_100_000) }),
  },
  {
    name: "a wish without an engine",
    status: 400,
    code: "not_available",
    wish: (provider) => ({ model: `fine-${provider}`, headers: { "x-sluice-cache": "refresh" } }),
  },
  {
    name: "a model without a price",
    status: 403,
    code: "unpriced_model",
    wish: (provider) => ({ model: `${provider}/no-price-for-this` }),
  },
];

const UPSTREAM_FAILURES: readonly Situation[] = [
  {
    name: "a server error",
    status: 502,
    code: "upstream_failed",
    wish: (provider) => ({ model: `broken-${provider}` }),
    script: ["broken", failure(500)],
    headers: { "x-should-retry": "false" },
  },
  {
    name: "a configured model that is missing",
    status: 502,
    code: "upstream_misconfigured",
    wish: (provider) => ({ model: `missing-${provider}` }),
    script: ["missing", failure(404)],
    headers: { "x-should-retry": "false" },
  },
  {
    name: "a refused provider key",
    status: 502,
    code: "upstream_misconfigured",
    wish: (provider) => ({ model: `forbidden-${provider}` }),
    script: ["forbidden", failure(403)],
    headers: { "x-should-retry": "false" },
  },
  {
    name: "overload",
    status: 503,
    code: "upstream_overloaded",
    wish: (provider) => ({ model: `overloaded-${provider}` }),
    script: ["overloaded", failure(503, [["retry-after", "17"]])],
    headers: { "x-should-retry": "false", "retry-after": "17" },
  },
  {
    name: "a rate limit",
    status: 429,
    code: "upstream_rate_limited",
    wish: (provider) => ({ model: `limited-${provider}` }),
    script: ["limited", rateLimited("1")],
    headers: { "x-should-retry": "false", "retry-after": "1" },
  },
  {
    name: "silence",
    status: 504,
    code: "upstream_timeout",
    wish: (provider) => ({ model: `slow-${provider}` }),
    script: ["slow", silence()],
    headers: { "x-should-retry": "false" },
  },
];

const PAIRS = VENDORS.flatMap((client) =>
  VENDORS.map(({ provider }) => [client.dialect, provider] as const),
);

describe.each(VENDORS)("a refusal in $dialect", ({ dialect, provider }: Vendor) => {
  test.each(REFUSALS.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    const reply = await call(dialect, row.wish(provider));
    expect(reply.status).toBe(row.status);
    await expectError(dialect, reply, row.code);
    expect(reply.headers.get("retry-after")).toBeNull();
    for (const [name, value] of Object.entries(row.headers ?? {})) {
      expect(reply.headers.get(name)).toBe(value);
    }
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("an unknown route", async () => {
    const path = { "openai-chat": "/v1/nothing", "anthropic-messages": "/v1/messages/nothing" };
    const own = dialect === "gemini-generate" ? "/v1beta/nothing" : path[dialect];
    const reply = await call(dialect, { model: "x", path: own });
    expect(reply.status).toBe(404);
    await expectError(dialect, reply, "unknown_route");
  });

  test("an expired key", async () => {
    const made = await bench.gateway.admin("/keys", {
      method: "POST",
      body: JSON.stringify({
        name: `expiring-${dialect}`,
        tenant: "bench",
        expires_at: new Date(Date.now() + 100).toISOString(),
      }),
    });
    const { key } = asObject(await made.json()) ?? {};
    const ask = () => call(dialect, { model: `fine-${provider}`, key: String(key) });
    let reply = await ask();
    while (reply.status === 200) reply = await ask();
    expect(reply.status).toBe(401);
    await expectError(dialect, reply, "expired_key");
  });

  test("a feature that no target can serve", async () => {
    // A tool that only the client's own vendor runs, asked of another vendor.
    const hosted: Record<Dialect, JsonObject> = {
      "openai-chat": { tools: [{ type: "custom", custom: { name: "grammar" } }] },
      "anthropic-messages": { tools: [{ type: "brand_new_20300101", name: "brand_new" }] },
      "gemini-generate": { tools: [{ googleMaps: {} }] },
    };
    const foreign = dialect === "gemini-generate" ? "fine-oai" : "fine-gem";
    const reply = await call(dialect, { model: foreign, more: hosted[dialect] });
    expect(reply.status).toBe(400);
    await expectError(dialect, reply, "unsupported_feature");
    expect(bench.upstream.requests).toHaveLength(0);
  });
});

describe.each(PAIRS)("an upstream's failure told in %s by %s", (dialect, provider) => {
  test.each(UPSTREAM_FAILURES.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    if (row.script !== undefined) bench.upstream.always(...row.script);
    for (const stream of [false, true]) {
      const reply = await call(dialect, { ...row.wish(provider), stream });
      expect(reply.status).toBe(row.status);
      const error = await expectError(dialect, reply, row.code);
      for (const [name, value] of Object.entries(row.headers ?? {})) {
        // A credential that rests is told of by the gateway alone, with its own count of seconds.
        if (reply.headers.get("x-sluice-attempts") === "0") continue;
        expect(reply.headers.get(name)).toBe(value);
      }
      if (row.code !== "upstream_rate_limited") expectAttempts(dialect, error, 1);
    }
  });

  test("a fault that the client made itself keeps its status", async () => {
    const vendorBody = '{"error":{"message":"Bad field x."},"own":"words of the vendor"}';
    bench.upstream.always("rejecting", verbatim({ status: 422, body: vendorBody }));
    const reply = await call(dialect, { model: `rejecting-${provider}` });
    expect(reply.status).toBe(422);
    expect(reply.headers.get("x-sluice-error")).toBe("upstream_rejected");
    const isSame = VENDORS.some((each) => each.dialect === dialect && each.provider === provider);
    if (isSame) expect(await reply.text()).toBe(vendorBody);
    else await expectError(dialect, reply, "upstream_rejected");
  });
});

/** One entry an attempt, in the place where the dialect has room for it. */
function expectAttempts(dialect: Dialect, error: JsonObject, count: number): void {
  const details = asArray(error["details"]);
  const listed =
    dialect === "gemini-generate"
      ? JSON.parse(asString(asObject(asObject(details[0])?.["metadata"])?.["details"]) ?? "[]")
      : details;
  expect(listed).toHaveLength(count);
  expect(listed[0]).toMatchObject({ outcome: expect.any(String), status: expect.any(Number) });
}

describe.each(PAIRS)("headers of an answer in %s by %s", (dialect, provider) => {
  const target = VENDORS.find((each) => each.provider === provider)?.model ?? "";

  test("whole", async () => {
    const headers = [
      ["x-ratelimit-remaining-tokens", "149984"],
      ["anthropic-ratelimit-requests-remaining", "49"],
      ["openai-organization", "org-of-the-operator"],
      ["anthropic-organization-id", "org-of-the-operator"],
      ["x-goog-project", "project-of-the-operator"],
      ["set-cookie", "session=secret"],
      ["server", "vendor"],
      ["x-sluice-target", "forged/target"],
      ["x-sluice-decision", "dec_forged"],
    ] as const;
    bench.upstream.always(target, answer({}, { headers: [...headers] }));
    const reply = await call(dialect, {
      model: `fine-${provider}`,
      headers: { "x-request-id": "mine" },
    });
    expect(reply.status).toBe(200);
    await reply.arrayBuffer();
    const seen = Object.fromEntries(reply.headers.entries());
    expect(seen["x-request-id"]).toMatch(/^req_[0-9a-z]{26}$/);
    expect(seen["x-sluice-decision"]).toBe(seen["x-request-id"]?.replace("req_", "dec_") ?? "");
    expect(seen["x-sluice-snapshot"]).toMatch(/^[0-9a-f]{16}$/);
    expect(seen).toMatchObject({
      "x-sluice-target": `${provider}/${target}`,
      "x-sluice-attempts": "1",
      // 11 x 1 + 7 x 4 dollars a million.
      "x-sluice-cost-usd": "0.000039",
      "x-sluice-cache": "off",
      "x-upstream-request-id": "req_scripted",
      "x-upstream-ratelimit-remaining-tokens": "149984",
      "x-upstream-ratelimit-requests-remaining": "49",
    });
    expect(seen["server-timing"]).toMatch(/^gateway;dur=\d+\.\d\d, upstream;dur=\d+\.\d\d$/);
    expect(JSON.stringify(seen)).not.toMatch(/operator|secret|forged/);
    for (const name of [
      "x-sluice-error",
      "retry-after",
      "x-should-retry",
      "set-cookie",
      "server",
    ]) {
      expect(seen[name]).toBeUndefined();
    }
  });

  test("streamed: no cost, since it is not known yet", async () => {
    const reply = await call(dialect, { model: `fine-${provider}`, stream: true });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toStartWith("text/event-stream");
    expect(reply.headers.get("x-sluice-target")).toBe(`${provider}/${target}`);
    expect(reply.headers.get("x-sluice-attempts")).toBe("1");
    expect(reply.headers.get("x-sluice-cost-usd")).toBeNull();
    expect(reply.headers.get("server-timing")).toContain("upstream;dur=");
    await reply.arrayBuffer();
  });

  test("after a second attempt: both count, and the record tells of both", async () => {
    bench.upstream.always("first-fails", failure(500));
    for (const stream of [false, true]) {
      const reply = await call(dialect, { model: `twice-${provider}`, stream });
      expect(reply.status).toBe(200);
      await reply.arrayBuffer();
      expect(reply.headers.get("x-sluice-target")).toBe(`${provider}/${target}`);
      const decision = await bench.gateway.decision(reply.headers.get("x-sluice-decision") ?? "");
      const targets = asArray(decision["attempts"]).map((each) => asObject(each)?.["target"]);
      // The breaker may have shut the first one out by now.
      expect(targets.at(-1)).toBe(`${provider}/${target}`);
      expect(reply.headers.get("x-sluice-attempts")).toBe(String(targets.length));
    }
  });
});

describe("what was degraded stands in a header", () => {
  test("and in the record, in the same words", async () => {
    const reply = await call("openai-chat", {
      model: "fine-ant",
      more: { logit_bias: { "50256": -100 }, seed: 7 },
    });
    const notices = (reply.headers.get("x-sluice-notices") ?? "").split(", ");
    expect(notices).toContain("dropped:logit_bias");
    expect(notices).toContain("dropped:seed");
    const decision = await bench.gateway.decision(reply.headers.get("x-sluice-decision") ?? "");
    expect(decision["notices"]).toEqual(notices);
  });

  test("and is absent where nothing was", async () => {
    const reply = await call("openai-chat", { model: "fine-oai", more: { seed: 7 } });
    expect(reply.headers.get("x-sluice-notices")).toBeNull();
  });

  test("usage that the upstream does not tell is estimated and said to be", async () => {
    const body = {
      id: "x",
      object: "chat.completion",
      created: 1,
      model: "gpt-4.1",
      choices: [
        { index: 0, message: { role: "assistant", content: "Hi there." }, finish_reason: "stop" },
      ],
    };
    bench.upstream.always("gpt-4.1", verbatim({ status: 200, body: JSON.stringify(body) }));
    const reply = await call("openai-chat", { model: "fine-oai" });
    expect(reply.headers.get("x-sluice-notices")).toBe("estimated:usage");
    expect(Number(reply.headers.get("x-sluice-cost-usd"))).toBeGreaterThan(0);
  });
});

describe("lists of models", () => {
  test.each<[string, Dialect]>([
    ["/v1/models", "openai-chat"],
    ["/v1/models", "anthropic-messages"],
    ["/v1beta/models", "gemini-generate"],
  ])("%s has an id of its own for %s", async (path, dialect) => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const wish = { model: "", method: "GET", path, headers: { "x-request-id": "mine" } };
        const reply = await call(dialect, wish);
        expect(reply.status).toBe(200);
        return reply.headers.get("x-request-id") ?? "";
      }),
    );
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-z]{26}$/);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("a gateway that is ending", () => {
  test("serves what is under way, refuses what is new, and ends with 0", async () => {
    const own = await startVendorBench(documentFor);
    try {
      const gate = closedGate();
      own.upstream.always(
        "gpt-4.1",
        answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }),
      );
      const ask = (path: string, body: JsonObject) =>
        fetch(`${own.gateway.baseUrl}${path}`, {
          method: "POST",
          headers: { "x-api-key": CALLER_KEY, "content-type": "application/json" },
          body: JSON.stringify({ model: "fine-oai", ...body }),
        });
      const messages = [{ role: "user", content: "Hello." }];
      const running = await ask("/v1/chat/completions", { messages, stream: true });
      await gate.reached;
      own.gateway.kill("SIGTERM");
      const isReady = async () => (await fetch(`${own.gateway.baseUrl}/readyz`)).status;
      while ((await isReady()) !== 503);
      for (const path of ["/v1/chat/completions", "/v1/messages"]) {
        const refused = await ask(path, { messages, max_tokens: 5 });
        expect(refused.status).toBe(503);
        expect(refused.headers.get("x-sluice-error")).toBe("overloaded");
        expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      }
      expect((await fetch(`${own.gateway.baseUrl}/healthz`)).status).toBe(200);
      gate.open();
      const text = await running.text();
      expect(text).toContain("[DONE]");
      expect(await own.gateway.exited).toEqual({ code: 0, signal: null });
    } finally {
      await own.stop();
    }
  });
});
