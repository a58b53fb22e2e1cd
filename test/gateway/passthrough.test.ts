// Paths of a vendor that the document opens as they are: off unless provider and plan list them, with the
// provider's own credential, recorded, and free only where all of the provider is.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { rawCall } from "#support/upstream/raw-client.ts";
import {
  ANY_MODEL,
  failure,
  type RecordedRequest,
  startUpstream,
  type Upstream,
  verbatim,
} from "#support/upstream/upstream.ts";
import { brief } from "./ledger.ts";

const OPEN_KEY = "through-open-key-0b2d4f6a8c1e3057";
const NARROW_KEY = "through-narrow-key-1c3e5a7b9d0f2468";
const CLOSED_KEY = "through-closed-key-2d4f6b8a0c1e3579";
const PLANLESS_KEY = "through-planless-key-3e5a7c9b1d0f2468";
const PROVIDER_KEY = "through-provider-key-4f6b8d0a2c1e3579";

let upstream: Upstream;
let gateway: GatewayProcess;

beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    config: `version: 1
providers:
  oai:
    kind: openai
    base_url: "${upstream.origin}/v1"
    api_key: ${PROVIDER_KEY}
    passthrough: ["POST /v1/files", "GET /v1/files/{id}", "DELETE /v1/files/{id}", "GET /dashboard/things"]
  ant:
    kind: anthropic
    base_url: "${upstream.origin}"
    api_key: ${PROVIDER_KEY}
    passthrough: ["GET /v1/models"]
  aws:
    kind: bedrock
    region: eu-central-1
    base_url: "${upstream.origin}"
    aws: { access_key_id: AKIATESTKEY0123456, secret_access_key: a-secret-access-key-0123456789 }
    passthrough: ["POST /model/{id}/invoke", "GET /guardrails"]
plans:
  open: { passthrough: [oai, ant, aws] }
  narrow: { passthrough: ["oai GET /v1/files/{id}"] }
  closed: { models: [] }
tenants: { acme: { plan: open }, small: { plan: narrow }, shut: { plan: closed }, none: {} }
keys:
  - { name: open, tenant: acme, value: ${OPEN_KEY} }
  - { name: narrow, tenant: small, value: ${NARROW_KEY} }
  - { name: closed, tenant: shut, value: ${CLOSED_KEY} }
  - { name: planless, tenant: none, value: ${PLANLESS_KEY} }
`,
  });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});
beforeEach(() => upstream.clear());

interface Asked {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function ask(path: string, { method = "GET", key = OPEN_KEY, headers = {}, body }: Asked = {}) {
  return fetch(`${gateway.baseUrl}/passthrough/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body !== undefined && { body }),
  });
}

function lastRequest(): RecordedRequest {
  const last = upstream.requests.at(-1);
  if (last === undefined) throw new Error("The upstream saw no request.");
  return last;
}

async function recordOf(headers: Headers): Promise<JsonObject> {
  for (;;) {
    const reply = await gateway.admin(`/decisions/${headers.get("x-sluice-decision")}`);
    if (reply.status === 200) return asObject(await reply.json()) ?? {};
  }
}

async function codeOf(reply: Response): Promise<unknown> {
  return asObject(asObject(await reply.json())?.["error"])?.["code"];
}

describe("a path that provider and plan list", () => {
  test("passes both ways with the provider's credential, recorded and unpriced", async () => {
    const answer = { id: "file-1", object: "file", bytes: 5 };
    upstream.always(ANY_MODEL, verbatim({ status: 201, body: JSON.stringify(answer) }));
    const reply = await ask("oai/v1/files?purpose=batch&key=&limit=2", {
      method: "POST",
      headers: {
        "content-type": "multipart/form-data; boundary=x",
        "openai-beta": "assistants=v2",
        "openai-organization": "org-of-the-caller",
        "x-forwarded-for": "10.0.0.1",
        cookie: "a=b",
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      },
      body: "--x\r\nanything\r\n--x--",
    });
    expect(reply.status).toBe(201);
    expect(await reply.json()).toEqual(answer);
    const seen = lastRequest();
    expect([seen.method, seen.target]).toEqual(["POST", "/v1/files?purpose=batch&limit=2"]);
    expect(Buffer.from(seen.body).toString()).toBe("--x\r\nanything\r\n--x--");
    expect(seen.header("content-type")).toBe("multipart/form-data; boundary=x");
    expect(seen.header("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
    expect(seen.header("openai-beta")).toBe("assistants=v2");
    for (const name of ["openai-organization", "x-forwarded-for", "cookie"]) {
      expect(seen.header(name)).toBeUndefined();
    }
    expect(JSON.stringify(seen.headers)).not.toContain(OPEN_KEY);
    const record = await recordOf(reply.headers);
    expect(brief(record)).toMatchObject({
      outcome: "answered",
      status: 201,
      attempts: ["succeeded 201"],
      cost: null,
      target: "oai/POST /v1/files",
    });
    expect(brief(record).notices).toContain("unpriced:usage");
    expect(asObject(record["facts"])).toMatchObject({
      operation: "pass_through",
      model: "oai POST /v1/files",
    });
    expect(asObject(record["caller"])).toMatchObject({ tenant: "acme", key: "open" });
    const rows = await gateway.usageRows("tenant,model");
    expect(rows).toContainEqual(
      expect.objectContaining({
        tenant: "acme",
        model: "oai POST /v1/files",
        requests: 1,
        unpriced_requests: 1,
      }),
    );
  });

  test("may have any segment where the rule has a name, and any method that it lists", async () => {
    upstream.script(
      ANY_MODEL,
      verbatim({ status: 200, contentType: "application/octet-stream", body: "bytes" }),
      verbatim({ status: 204, body: "" }),
    );
    const read = await ask("oai/v1/files/file-9");
    expect(await read.text()).toBe("bytes");
    expect(lastRequest().target).toBe("/v1/files/file-9");
    const deleted = await ask("oai/v1/files/file-9", { method: "DELETE" });
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    expect(lastRequest().method).toBe("DELETE");
    expect(brief(await recordOf(deleted.headers))).toMatchObject({
      outcome: "answered",
      status: 204,
    });
  });

  test("stands behind the address, whose version is not repeated", async () => {
    upstream.always(ANY_MODEL, verbatim({ status: 200, body: "{}" }));
    await ask("oai/dashboard/things");
    expect(lastRequest().target).toBe("/v1/dashboard/things");
    await ask("ant/v1/models", { headers: { "anthropic-version": "2023-06-01" } });
    expect(lastRequest().target).toBe("/v1/models");
    expect(lastRequest().header("x-api-key")).toBe(PROVIDER_KEY);
    expect(lastRequest().header("anthropic-version")).toBe("2023-06-01");
  });

  test("of a provider whose requests are signed passes without a body, and is refused with one", async () => {
    upstream.always(ANY_MODEL, verbatim({ status: 200, body: "{}" }));
    expect((await ask("aws/guardrails")).status).toBe(200);
    expect(lastRequest().header("authorization")).toStartWith("AWS4-HMAC-SHA256 ");
    const refused = await ask("aws/model/m/invoke", { method: "POST", body: "{}" });
    expect([refused.status, await codeOf(refused)]).toEqual([400, "unsupported_feature"]);
    expect(upstream.requests).toHaveLength(1);
  });

  test("is tried once, and its refusals are the vendor's own", async () => {
    upstream.always(ANY_MODEL, failure(500));
    const broken = await ask("oai/v1/files", { method: "POST", body: "x" });
    expect([broken.status, await codeOf(broken)]).toEqual([502, "upstream_failed"]);
    expect(upstream.requests).toHaveLength(1);
    upstream.always(ANY_MODEL, failure(404, [], "No such file."));
    const missing = await ask("oai/v1/files/none");
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain("No such file.");
  });

  test("is open to a plan that lists it alone, and nothing else of the provider", async () => {
    upstream.always(ANY_MODEL, verbatim({ status: 200, body: "{}" }));
    expect((await ask("oai/v1/files/a", { key: NARROW_KEY })).status).toBe(200);
    const refused = await ask("oai/v1/files", { method: "POST", key: NARROW_KEY, body: "x" });
    expect([refused.status, await codeOf(refused)]).toEqual([403, "model_not_allowed"]);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe("what is not open", () => {
  test.each([
    ["GET", "oai/v1/files", OPEN_KEY, 404, "unknown_route"],
    ["PUT", "oai/v1/files/a", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/files/a/b", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/files/", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai//v1/files/a", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/models", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/", OPEN_KEY, 404, "unknown_route"],
    ["GET", "nobody/v1/files/a", OPEN_KEY, 404, "unknown_route"],
    ["GET", "__proto__/v1/files/a", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/files/a%2Fb", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/files/a%00b", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/files/a%20b", OPEN_KEY, 404, "unknown_route"],
    ["GET", "oai/v1/files/a", CLOSED_KEY, 403, "model_not_allowed"],
    ["GET", "oai/v1/files/a", PLANLESS_KEY, 403, "model_not_allowed"],
    ["GET", "oai/v1/files/a", "no-key-at-all-0123456789abcd", 401, "invalid_key"],
    ["GET", "oai/v1/nothing", "no-key-at-all-0123456789abcd", 401, "invalid_key"],
  ])("%s %s is refused", async (method, path, key, status, code) => {
    const reply = await ask(path, { method, key });
    expect([reply.status, await codeOf(reply)]).toEqual([status, code]);
    expect(upstream.requests).toHaveLength(0);
  });

  test.each([
    "/passthrough/oai/v1/files/..",
    "/passthrough/oai/v1/files/%2e%2e",
    "/passthrough/oai/v1/../v1/files/a",
  ])("%s does not come in", async (target) => {
    const lines = [
      `GET ${target} HTTP/1.1`,
      "host: x",
      `x-api-key: ${OPEN_KEY}`,
      "connection: close",
    ];
    const { text } = await rawCall(gateway.baseUrl, `${lines.join("\r\n")}\r\n\r\n`);
    expect(text).toStartWith("HTTP/1.1 400");
    expect(upstream.requests).toHaveLength(0);
  });

  test("bad heads are refused before anything is sent", async () => {
    const headers = { "content-type": "text/plain\u00e4" };
    const odd = await ask("oai/v1/files", { method: "POST", body: "x", headers });
    expect(odd.status).toBe(415);
    const encoded = await ask("oai/v1/files", {
      method: "POST",
      body: "x",
      headers: { "content-encoding": "gzip" },
    });
    expect(encoded.status).toBe(415);
    const wish = await ask("oai/v1/files", {
      method: "POST",
      body: "x",
      headers: { "x-sluice-cache": "no-store" },
    });
    expect([wish.status, await codeOf(wish)]).toEqual([400, "not_available"]);
    expect(upstream.requests).toHaveLength(0);
  });
});

test("where unpriced models are denied, only what a provider gives for nothing passes", async () => {
  const config = `version: 1
providers:
  oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: ${PROVIDER_KEY}, passthrough: ["GET /v1/files"] }
  house: { kind: openai-compatible, base_url: "${upstream.origin}/v1", passthrough: ["GET /v1/files"] }
prices: { house/*: { input: 0, output: 0 } }
plans: { open: { passthrough: [oai, house] } }
tenants: { acme: { plan: open } }
keys: [{ name: open, tenant: acme, value: ${OPEN_KEY} }]
unpriced_models: deny
`;
  const strict = await startGateway({ config });
  try {
    const headers = { authorization: `Bearer ${OPEN_KEY}` };
    const reply = await fetch(`${strict.baseUrl}/passthrough/oai/v1/files`, { headers });
    expect([reply.status, await codeOf(reply)]).toEqual([403, "unpriced_model"]);
    expect(upstream.requests).toHaveLength(0);
    upstream.always(ANY_MODEL, verbatim({ status: 200, body: "{}" }));
    const free = await fetch(`${strict.baseUrl}/passthrough/house/v1/files`, { headers });
    expect([free.status, await free.text()]).toEqual([200, "{}"]);
  } finally {
    await strict.stop();
  }
});

test("a document that opens what no provider lists is refused with the nearest", async () => {
  const config = `version: 1
providers: { oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: ${PROVIDER_KEY}, passthrough: ["GET /v1/files", "GET /v1/../x"] } }
plans: { open: { passthrough: ["oai GET /v1/file"] } }
`;
  const body = JSON.stringify({ config });
  const reply = await gateway.admin("/config/check", { method: "POST", body });
  const report = asObject(await reply.json()) ?? {};
  expect(report["valid"]).toBe(false);
  const text = JSON.stringify(asArray(report["errors"]));
  expect(text).toContain("is no path that can be opened");
});
