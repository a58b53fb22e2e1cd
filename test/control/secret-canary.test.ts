// Keys of providers, of callers and of the operator, in a run full of failures whose upstream repeats
// every credential it is shown: afterwards they stand in nothing that anybody can read.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { asObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import {
  type Behaviour,
  type RecordedRequest,
  startUpstream,
  type Upstream,
  verbatim,
} from "#support/upstream/upstream.ts";

/** One looks like a key of its vendor, one like nothing at all. */
const PROVIDER_KEYS = [
  "sk-proj-canary0A1b2C3d4E5f6G7h8",
  "canary/provider+key=of.no-known:form",
] as const;
const DOCUMENT_KEY = "canary-document-key-0a1b2c3d4e5f6071";
const WRONG_KEYS = [
  "canary-wrong-key-99887766554433221100",
  `sk-sluice-${"canary".repeat(9)}`,
] as const;
const HEADER_SECRET = "canary-header-secret-5544332211";

let upstream: Upstream;
let gateway: GatewayProcess;
let madeKey = "";
/** Everything that callers and operators were answered. */
const answers: string[] = [];

beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({
    env: {
      FIRST_KEY: PROVIDER_KEYS[0],
      SECOND_KEY: PROVIDER_KEYS[1],
      CALLER: DOCUMENT_KEY,
      HEADER: HEADER_SECRET,
      SLUICE_LOG: "json:debug",
    },
    config: `version: 1
providers:
  oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: "\${env:FIRST_KEY}", headers: { x-house-secret: "\${env:HEADER}" } }
  ant: { kind: anthropic, base_url: "${upstream.origin}", api_key: "\${env:SECOND_KEY}" }
  gem: { kind: gemini, base_url: "${upstream.origin}", api_key: "\${env:SECOND_KEY}" }
models:
  first: { targets: [oai/gpt-4.1], attempts: 1 }
  second: { targets: [ant/claude-sonnet-4-5], attempts: 1 }
  third: { targets: [gem/gemini-2.5-flash], attempts: 1 }
tenants:
  acme: {}
keys:
  - { name: acme, tenant: acme, value: "\${env:CALLER}" }
prices:
  oai/*: { input: 1, output: 4 }
  ant/*: { input: 1, output: 4 }
  gem/*: { input: 1, output: 4 }
`,
  });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** What a careless vendor says: the credential that it was shown, in every place that has room. */
function repeating(status: number): Behaviour {
  return (request, reply) => {
    const secrets = secretsIn(request).join(" ");
    const error = {
      message: `Bad: ${secrets}`,
      type: `t ${secrets}`,
      status: secrets,
      code: secrets,
      param: secrets,
    };
    const body = JSON.stringify({ type: "error", error, request: secrets });
    const headers = [
      ["x-request-id", `req ${secrets}`],
      ["x-ratelimit-remaining-requests", secrets],
    ] as const;
    return verbatim({ status, headers: [...headers], body })(request, reply);
  };
}

function repeatingInStream(isLate: boolean): Behaviour {
  return (request, reply) => {
    const secrets = secretsIn(request).join(" ");
    const error = {
      type: "overloaded_error",
      message: `Busy: ${secrets}`,
      code: 503,
      status: secrets,
    };
    const start = {
      type: "message_start",
      message: {
        id: secrets,
        type: "message",
        role: "assistant",
        model: "m",
        content: [],
        usage: {},
      },
    };
    const block = {
      type: "content_block_start",
      index: 0,
      content_block: { type: "text", text: "" },
    };
    const delta = {
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: "Hi." },
    };
    const chat = {
      id: "c",
      choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: null }],
    };
    const isAnthropic = request.endpoint.dialect === "anthropic-messages";
    const good = isLate ? (isAnthropic ? [start, block, delta] : [chat]) : [];
    const events = [...good, { type: "error", error }];
    const body = events
      .map(
        (event) =>
          `event: ${"type" in event ? event.type : "message"}\ndata: ${JSON.stringify(event)}\n\n`,
      )
      .join("");
    return verbatim({ status: 200, contentType: "text/event-stream", body })(request, reply);
  };
}

function secretsIn(request: RecordedRequest): string[] {
  const names = ["authorization", "x-api-key", "x-goog-api-key", "x-house-secret"];
  return names.flatMap((name) => request.header(name) ?? []);
}

const MODELS = ["first", "second", "third"] as const;

async function keep(reply: Response): Promise<void> {
  answers.push(JSON.stringify([...reply.headers.entries()]), await reply.text().catch(String));
}

async function callAll(headers: Record<string, string>, query = ""): Promise<void> {
  const user = { role: "user", content: "Hello." };
  for (const model of MODELS) {
    for (const stream of [false, true]) {
      const verb = stream ? "streamGenerateContent" : "generateContent";
      const contents = [{ role: "user", parts: [{ text: "Hello." }] }];
      for (const [path, body] of [
        ["/v1/chat/completions", { model, stream, messages: [user] }],
        ["/v1/messages", { model, stream, max_tokens: 50, messages: [user] }],
        [`/v1beta/models/${model}:${verb}`, { contents }],
      ] as const) {
        const url = `${gateway.baseUrl}${path}${query}`;
        const json = { "content-type": "application/json", ...headers };
        await keep(await fetch(url, { method: "POST", headers: json, body: JSON.stringify(body) }));
      }
    }
  }
}

test("no key is left anywhere after a run full of failures", async () => {
  const made = await gateway.admin("/keys", {
    method: "POST",
    body: '{"name":"made","tenant":"acme"}',
  });
  madeKey = String(asObject(await made.json())?.["key"]);

  for (const status of [400, 401, 403, 404, 422, 429, 500, 503]) {
    upstream.clear();
    upstream.always("*", repeating(status));
    await callAll({ "x-api-key": DOCUMENT_KEY });
    if (status === 401 || status === 429) {
      // Rested credentials are awake again after a start.
      await gateway.restart();
    }
  }
  for (const isLate of [false, true]) {
    upstream.clear();
    upstream.always("*", repeatingInStream(isLate));
    await callAll({ authorization: `Bearer ${madeKey}` });
  }
  upstream.clear();
  await callAll({}, `?key=${madeKey}`);
  for (const key of WRONG_KEYS) {
    await callAll({ authorization: `Bearer ${key}` });
    await callAll({}, `?key=${encodeURIComponent(key)}`);
  }
  await callAll({ "x-api-key": DOCUMENT_KEY, authorization: `Bearer ${WRONG_KEYS[0]}` });
  // Credentials in the wrong places.
  await callAll({ "x-api-key": DOCUMENT_KEY, "x-sluice-user": DOCUMENT_KEY });
  await keep(await fetch(`${gateway.baseUrl}/v1/${madeKey}?key=${madeKey}`));
  await keep(await fetch(`${gateway.baseUrl}/admin/v1/keys?key=${gateway.adminKey}`));
  await keep(
    await fetch(`${gateway.baseUrl}/admin/v1/keys`, {
      headers: { authorization: `Bearer ${WRONG_KEYS[0]}` },
    }),
  );

  const views: string[] = [];
  for (const path of [
    "/keys?limit=1000",
    "/decisions?limit=1000",
    "/usage?group_by=key,user,target",
    "/targets",
    "/config",
    "/config/versions",
    "/openapi.json",
  ]) {
    views.push(await (await gateway.admin(path)).text());
  }
  const headers = { authorization: `Bearer ${gateway.adminKey}` };
  views.push(await (await fetch(`${gateway.baseUrl}/metrics`, { headers })).text());
  await gateway.restart();

  const files: string[] = [];
  for (const name of await readdir(gateway.dataDir, { recursive: true })) {
    files.push(await readFile(join(gateway.dataDir, name), "latin1").catch(() => ""));
  }
  const places = {
    answers: answers.join("\n"),
    views: views.join("\n"),
    stdout: gateway.stdout,
    stderr: gateway.stderr,
    files: files.join("\n"),
  };
  expect(places.answers).toContain("upstream_failed");
  expect(places.files.length).toBeGreaterThan(10_000);
  const secrets = [
    ...PROVIDER_KEYS,
    DOCUMENT_KEY,
    madeKey,
    HEADER_SECRET,
    gateway.adminKey,
    ...WRONG_KEYS,
  ];
  // Half of a key is as bad as a whole one.
  const pieces = secrets.flatMap((secret) => [secret.slice(0, 24), secret.slice(-16)]);
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    pieces
      .map((piece) => text.indexOf(piece))
      .filter((at) => at !== -1)
      .map((at) => `${place}: ${text.slice(Math.max(0, at - 200), at + 60)}`),
  );
  expect(leaks).toEqual([]);
}, 60_000);
