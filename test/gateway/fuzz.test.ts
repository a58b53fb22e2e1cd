// Ten thousand damaged calls: never a fault of ours, never a crash, and a good call works afterwards.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { asArray, isJsonObject, type Json, type JsonObject } from "#core/json.ts";
import { type SeededRandom, seededRandom } from "#support/seeded-random.ts";
import { CALLER_KEY, startVendorBench, VENDORS, type VendorBench } from "./vendor-bench.ts";

const CALLS = 10_000;
const AT_ONCE = 24;
const SEED = Number(process.env["SLUICE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVendorBench(`
server: { max_body_mb: 1 }
models:
  assistant: { targets: [oai/gpt-4.1], attempts: 1 }
`);
});
afterAll(() => bench.stop());

const IMAGE = "iVBORw0KGgo=";
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const CHAT: JsonObject = {
  model: "assistant",
  stream: false,
  stream_options: { include_usage: true },
  max_completion_tokens: 50,
  temperature: 0.5,
  n: 1,
  user: "someone",
  metadata: { a: "b" },
  stop: ["x"],
  response_format: {
    type: "json_schema",
    json_schema: { name: "a", schema: SCHEMA, strict: true },
  },
  tool_choice: { type: "function", function: { name: "weather" } },
  tools: [{ type: "function", function: { name: "weather", parameters: SCHEMA } }],
  messages: [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "What is it?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${IMAGE}`, detail: "low" } },
      ],
    },
    {
      role: "assistant",
      content: null,
      reasoning_details: [{ type: "reasoning.text", text: "Hm.", signature: "c2ln" }],
      tool_calls: [
        {
          id: "call_a",
          type: "function",
          function: { name: "weather", arguments: '{"city":"a"}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "call_a", content: "18 degrees" },
  ],
};

const MESSAGES: JsonObject = {
  model: "assistant",
  max_tokens: 2_000,
  stream: false,
  system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } }],
  thinking: { type: "enabled", budget_tokens: 1_024 },
  tool_choice: { type: "auto", disable_parallel_tool_use: true },
  tools: [{ name: "weather", description: "It.", input_schema: SCHEMA }],
  metadata: { user_id: "someone" },
  stop_sequences: ["x"],
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "What is it?" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: IMAGE } },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm.", signature: "c2ln" },
        { type: "tool_use", id: "call_a", name: "weather", input: { city: "a" } },
      ],
    },
    {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "call_a", content: "18", is_error: false }],
    },
  ],
};

const RESPONSES: JsonObject = {
  model: "assistant",
  stream: false,
  instructions: "Be brief.",
  max_output_tokens: 50,
  temperature: 0.5,
  store: false,
  include: ["reasoning.encrypted_content"],
  reasoning: { effort: "low", summary: "auto" },
  text: { format: { type: "text" }, verbosity: "low" },
  tool_choice: {
    type: "allowed_tools",
    mode: "auto",
    tools: [{ type: "function", name: "weather" }],
  },
  tools: [
    { type: "function", name: "weather", parameters: SCHEMA, strict: false },
    { type: "custom", name: "sql", format: { type: "text" } },
    { type: "namespace", name: "crm", tools: [{ type: "function", name: "find" }] },
  ],
  input: [
    {
      role: "user",
      content: [
        { type: "input_text", text: "What is it?" },
        { type: "input_image", image_url: `data:image/png;base64,${IMAGE}` },
      ],
    },
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }] },
    { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "sluice.v1.gemini.e30" },
    { type: "function_call", call_id: "call_a", name: "weather", arguments: '{"city":"a"}' },
    { type: "custom_tool_call", call_id: "call_b", name: "sql", input: "SELECT 1" },
    { type: "function_call_output", call_id: "call_a", output: "18" },
    {
      type: "custom_tool_call_output",
      call_id: "call_b",
      output: [{ type: "input_text", text: "1" }],
    },
  ],
};

const GEMINI: JsonObject = {
  systemInstruction: { parts: [{ text: "Be brief." }] },
  generationConfig: {
    maxOutputTokens: 50,
    temperature: 0.5,
    candidateCount: 1,
    stopSequences: ["x"],
    responseMimeType: "application/json",
    responseJsonSchema: SCHEMA,
    thinkingConfig: { includeThoughts: true, thinkingBudget: 1_024 },
  },
  safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
  toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["weather"] } },
  tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: SCHEMA }] }],
  contents: [
    {
      role: "user",
      parts: [{ text: "What is it?" }, { inlineData: { mimeType: "image/png", data: IMAGE } }],
    },
    {
      role: "model",
      parts: [
        { text: "Hm.", thought: true, thoughtSignature: "c2ln" },
        { functionCall: { id: "call_a", name: "weather", args: { city: "a" } } },
      ],
    },
    {
      role: "user",
      parts: [{ functionResponse: { id: "call_a", name: "weather", response: { output: "18" } } }],
    },
  ],
};

interface Call {
  readonly path: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Record<string, string>;
}

const JUNK: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  9_007_199_254_740_992,
  "",
  "x",
  "\u0000",
  "\ud800",
  "__proto__",
  "a".repeat(3_000),
  [],
  [[]],
  [null],
  {},
  { type: "text" },
  { type: "thinking" },
  { type: "no-such-type", text: "x" },
  { url: "http://169.254.169.254/latest" },
  "data:image/png;base64,",
  "data:;base64,!!",
];

/** Values and keys that mean something elsewhere: mixed up they reach further than noise does. */
const KEYS = [
  "role",
  "content",
  "parts",
  "type",
  "text",
  "tool_calls",
  "functionCall",
  "thoughtSignature",
  "model",
  "stream",
  "n",
  "constructor",
  "toJSON",
  "length",
];

/** Changes one place somewhere in the value. */
function mutated(value: Json, random: SeededRandom): Json {
  if (random.unit() < 0.12) return random.pick(JUNK);
  if (Array.isArray(value) && value.length > 0) {
    const list = [...value];
    const at = random.below(list.length);
    const item = list[at] ?? null;
    const dice = random.unit();
    if (dice < 0.1) list.splice(at, 1);
    else if (dice < 0.2) list.splice(at, 0, item);
    else list[at] = mutated(item, random);
    return list;
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    const entries = Object.entries(value);
    const at = random.below(entries.length);
    const [key, item = null] = entries[at] ?? ["", null];
    const dice = random.unit();
    if (dice < 0.1) entries.splice(at, 1);
    else if (dice < 0.2) entries[at] = [random.pick(KEYS), item];
    else if (dice < 0.25) entries.push([random.pick(KEYS), random.pick(JUNK)]);
    else entries[at] = [key, mutated(item, random)];
    return Object.fromEntries(entries);
  }
  return random.pick(JUNK);
}

/** Damages bytes as a bad wire or a bad client does. */
function damaged(bytes: Uint8Array<ArrayBuffer>, random: SeededRandom): Uint8Array<ArrayBuffer> {
  const at = random.below(bytes.length);
  const dice = random.unit();
  if (dice < 0.2) return bytes.slice(0, at);
  if (dice < 0.4) return new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 3)]);
  if (dice < 0.6)
    return new Uint8Array([...bytes.slice(0, at), ...random.bytes(4), ...bytes.slice(at)]);
  const copy = bytes.slice();
  copy[at] = random.below(256);
  return copy;
}

const ODD_HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ["content-type", ["", "text/plain", "application/json; charset=latin1", "multipart/form-data"]],
  ["content-encoding", ["gzip", "identity", "", "chunked"]],
  ["accept", ["text/event-stream", "*/*", "image/png"]],
  ["anthropic-version", ["", "1", "2023-06-01", "x".repeat(2_000)]],
  ["anthropic-beta", ["a,b", ",,,", "\t", "x".repeat(2_000)]],
  ["openai-beta", ["assistants=v2", ""]],
  ["x-request-id", ["", "a b", "x".repeat(5_000), "\u00e4\u00ff"]],
  ["traceparent", ["", "00-0-0-0", `00-${"0".repeat(32)}-${"0".repeat(16)}-00`]],
  ["x-forwarded-for", ["1.2.3.4", "a,b,c", ",", "::1, unknown"]],
  ["x-goog-api-key", [CALLER_KEY, "x"]],
  ["idempotency-key", ["1"]],
  ["x-sluice-cache", ["no-store"]],
  ["range", ["bytes=0-1"]],
  ["if-none-match", ["*"]],
  ["upgrade", ["h2c", "websocket"]],
];

function madeCall(random: SeededRandom): Call {
  const vendor = random.pick(VENDORS);
  const asked = random.unit() < 0.8 ? `${vendor.provider}/${vendor.model}` : "assistant";
  const [path, good] = random.pick<readonly [string, JsonObject]>([
    ["/v1/chat/completions", { ...CHAT, model: asked }],
    ["/v1/responses", { ...RESPONSES, model: asked }],
    ["/v1/messages", { ...MESSAGES, model: asked }],
    ["/v1/messages/count_tokens", { ...MESSAGES, model: asked }],
    [`/v1beta/models/${asked}:generateContent`, GEMINI],
    [`/v1beta/models/${asked}:streamGenerateContent?alt=sse`, GEMINI],
    [`/v1beta/models/${asked}:streamGenerateContent`, GEMINI],
    [`/v1beta/models/${asked}:countTokens`, GEMINI],
    ["/v1/embeddings", { model: "oai/text-embedding-3-small", input: ["a", "b"] }],
    ["/v1/embeddings", { model: "gem/gemini-embedding-001", input: ["a", [1]], dimensions: 4 }],
    [`/v1beta/models/gem/gemini-embedding-001:batchEmbedContents`, { requests: [EMBED, EMBED] }],
    [`/v1beta/models/oai/text-embedding-3-small:embedContent`, EMBED],
    ["/v1/rerank", { model: "gem/none", query: "q", documents: ["a", { text: "b" }], top_n: 1 }],
  ]);
  const streamed: JsonObject = "stream" in good ? { ...good, stream: random.unit() < 0.5 } : good;
  let json: Json = streamed;
  for (let count = random.below(4); count >= 0; count -= 1) json = mutated(json, random);
  let body: Uint8Array<ArrayBuffer> = new TextEncoder().encode(JSON.stringify(json) ?? "");
  if (random.unit() < 0.2 && body.length > 0) body = damaged(body, random);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    authorization: `Bearer ${CALLER_KEY}`,
  };
  if (random.unit() < 0.15) {
    const [name, values] = random.pick(ODD_HEADERS);
    headers[name] = random.pick(values);
  }
  return { path, body, headers };
}

/** A request for one vector in Google's form. */
const EMBED: JsonObject = {
  content: {
    parts: [{ text: "a" }, { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }],
  },
  taskType: "RETRIEVAL_QUERY",
  title: "t",
};

/** What is wrong with the answer to a call; empty when nothing is. */
async function fault(call: Call): Promise<string> {
  const { path, body, headers } = call;
  const reply = await fetch(`${bench.gateway.baseUrl}${path}`, { method: "POST", headers, body });
  const text = await reply.text();
  // The upstream of this test answers in words, also when JSON was asked for: that is no answer.
  const isNoAnswer = reply.status === 502 && text.includes("invalid_answer");
  if (reply.status >= 500 && !isNoAnswer) return `status ${reply.status}: ${text}`;
  if (reply.status === 200) return text === "" ? "an empty answer" : "";
  // Framing and targets are refused without a body.
  if (text === "" && reply.status === 400) return "";
  const error = JSON.parse(text).error;
  return typeof error?.message === "string" && error.message !== "" ? "" : `no message: ${text}`;
}

test(`${CALLS} damaged calls (SLUICE_FUZZ_SEED=${SEED}) meet no fault`, async () => {
  const random = seededRandom(SEED);
  const statuses = new Map<string, number>();
  let made = 0;
  const work = async (): Promise<void> => {
    while (made < CALLS) {
      made += 1;
      const call = madeCall(random);
      const wrong = await fault(call).catch((error: unknown) => String(error));
      if (wrong === "") continue;
      const shown = new TextDecoder().decode(call.body);
      throw new Error(`${wrong}\nPOST ${call.path}\n${JSON.stringify(call.headers)}\n${shown}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(made).toBe(CALLS);

  const metrics = await (
    await fetch(`${bench.gateway.baseUrl}/metrics`, {
      headers: { authorization: `Bearer ${bench.gateway.adminKey}` },
    })
  ).text();
  expect(metrics).not.toContain("internal_error");
  for (const [, kind = "", count] of metrics.matchAll(
    /^sluice_requests_total\{.*status="(\w+)"\} (\d+)$/gm,
  )) {
    statuses.set(kind, (statuses.get(kind) ?? 0) + Number(count));
  }
  // Damage that is always refused, or never, would prove little.
  expect(statuses.get("2xx") ?? 0).toBeGreaterThan(CALLS / 20);
  expect(statuses.get("4xx") ?? 0).toBeGreaterThan(CALLS / 20);
  expect(bench.gateway.stderr).not.toContain("fault");

  for (const [path, body] of [
    ["/v1/chat/completions", CHAT],
    ["/v1/responses", RESPONSES],
    ["/v1/messages", MESSAGES],
    ["/v1beta/models/assistant:generateContent", GEMINI],
  ] as const) {
    const headers = { "content-type": "application/json", "x-api-key": CALLER_KEY };
    const url = `${bench.gateway.baseUrl}${path}`;
    const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    expect(reply.status).toBe(200);
  }
  const rows = await bench.gateway.usageRows("tenant");
  expect(asArray(rows).length).toBe(1);
}, 120_000);
