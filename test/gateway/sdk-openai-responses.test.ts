// The Responses side of OpenAI's own client against the gateway by base URL alone, over an upstream of
// each dialect: what the client gets, what the upstream was asked, what was recorded.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { answer, failure } from "#support/upstream/upstream.ts";
import { askedOf } from "./asked.ts";
import {
  CALLER_KEY,
  PROVIDER_KEY,
  sentBody,
  startVendorBench,
  targetOf,
  usageOf,
  type VendorBench,
} from "./vendor-bench.ts";

type Items = OpenAI.Responses.ResponseInputItem[];
type Event = OpenAI.Responses.ResponseStreamEvent;

const TARGETS = [
  { dialect: "openai-responses", model: "oai/gpt-5-mini" },
  { dialect: "openai-chat", model: "house/some-model" },
  { dialect: "anthropic-messages", model: "ant/claude-sonnet-4-5" },
  { dialect: "gemini-generate", model: "gem/gemini-2.5-flash" },
] as const;
const CROSS = TARGETS.filter(({ dialect }) => dialect !== "openai-responses");
const USAGE = { inputTokens: 20, cacheReadTokens: 5, outputTokens: 9, reasoningTokens: 3 };
const USAGE_ROW = { input_tokens: 20, cache_read_tokens: 5, output_tokens: 9, reasoning_tokens: 3 };
const CALLS = [
  { id: "call_a", name: "weather", arguments: { city: "Rome" } },
  { id: "call_b", name: "weather", arguments: { city: "Oslo" } },
];
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";
const WEATHER = {
  type: "function" as const,
  name: "weather",
  description: "Weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  strict: false,
};

let bench: VendorBench;
let openai: OpenAI;
beforeAll(async () => {
  bench = await startVendorBench(documentFor);
  const baseURL = `${bench.gateway.baseUrl}/v1`;
  openai = new OpenAI({ apiKey: CALLER_KEY, baseURL, maxRetries: 0 });
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function documentFor(origin: string): string {
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: ${PROVIDER_KEY} }
  house: { kind: openai-compatible, base_url: "${origin}/v1", api_key: ${PROVIDER_KEY} }
  ant: { kind: anthropic, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
  gem: { kind: gemini, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
unpriced_models: allow
`;
}

function upstreamModel(model: string): string {
  return model.slice(model.indexOf("/") + 1);
}

describe.each(TARGETS)("over $dialect", ({ dialect, model }) => {
  const served = upstreamModel(model);

  test("a whole answer comes with its usage", async () => {
    bench.upstream.always(served, answer({ text: "Two words.", usage: USAGE }));
    const reply = await openai.responses.create({
      model,
      instructions: "Be brief.",
      input: "Say two words.",
      max_output_tokens: 50,
    });
    expect(reply).toMatchObject({ object: "response", status: "completed", model: served });
    expect(reply.output_text).toBe("Two words.");
    expect(reply.usage).toMatchObject({
      input_tokens: 25,
      input_tokens_details: { cached_tokens: 5 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 34,
    });
    expect(bench.lastRequest().endpoint.dialect).toBe(dialect);
    expect(askedOf(bench.lastRequest())).toMatchObject({
      model: served,
      system: ["text Be brief."],
      turns: [{ role: "user", parts: ["text Say two words."] }],
      maxTokens: 50,
    });
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual(USAGE_ROW);
    expect(targetOf(decision)).toBe(model);
  });

  test("a stream keeps the grammar of the API and adds up to its last event", async () => {
    const spec = { reasoning: { text: "Hm, hm.", signature: SIGNATURE }, text: "One two three." };
    bench.upstream.always(served, answer({ ...spec, toolCalls: CALLS, usage: USAGE }));
    const events = await eventsOf(model);
    expect(grammarFaults(events)).toEqual([]);
    const last = events.at(-1);
    if (last?.type !== "response.completed") throw new Error(`The end is ${last?.type}.`);
    const { response } = last;
    expect(deltas(events, "response.output_text.delta")).toBe("One two three.");
    expect(response.usage).toMatchObject({ input_tokens: 25, output_tokens: 9 });
    expect(callsOf(response.output)).toEqual(CALLS);
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
    const texts = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
    expect(texts).toMatchObject([{ type: "output_text", text: "One two three." }]);
  });

  test("the client's own helper assembles the stream", async () => {
    bench.upstream.always(served, answer({ text: "Looking.", toolCalls: CALLS, usage: USAGE }));
    const stream = openai.responses.stream({ model, input: "Go.", tools: [WEATHER] });
    const reply = await stream.finalResponse();
    expect(reply.output_text).toBe("Looking.");
    expect(callsOf(reply.output)).toEqual(CALLS);
  });

  test("a tool loop of two turns goes round", async () => {
    bench.upstream.always(served, answer({ text: "Looking.", toolCalls: CALLS }));
    const question = { role: "user" as const, content: "Rome and Oslo?" };
    const request = { model, tools: [WEATHER], store: false };
    const first = await openai.responses.create({ ...request, input: [question] });
    expect(askedOf(bench.lastRequest()).tools).toEqual(["weather"]);
    const results = first.output
      .filter((item) => item.type === "function_call")
      .map(({ call_id }) => ({
        type: "function_call_output" as const,
        call_id,
        output: call_id === "call_a" ? "18 degrees" : "4 degrees",
      }));
    const second = await openai.responses.create({
      ...request,
      input: [question, ...(first.output as Items), ...results],
    });
    expect(second.status).toBe("completed");
    const told = askedOf(bench.lastRequest()).turns.flatMap(({ parts }) => parts);
    expect(told.slice(0, 2)).toEqual(["text Rome and Oslo?", "text Looking."]);
    expect(told.filter((part) => part.startsWith("call "))).toHaveLength(2);
    const answers = told.filter((part) => part.startsWith("result "));
    expect(answers[0]).toContain("18 degrees");
    expect(answers[1]).toContain("4 degrees");
  });

  test("structured output goes as the upstream's own and comes back parsed", async () => {
    bench.upstream.always(served, answer({ text: '{"degrees":18}' }));
    const schema = {
      type: "object",
      properties: { degrees: { type: "integer" } },
      required: ["degrees"],
      additionalProperties: false,
    };
    const reply = await openai.responses.parse({
      model,
      input: "Weather as JSON.",
      text: { format: { type: "json_schema", name: "weather", schema, strict: true } },
    });
    expect(reply.output_parsed as unknown).toEqual({ degrees: 18 });
    expect(askedOf(bench.lastRequest()).schema).toMatchObject({ required: ["degrees"] });
  });

  test.each([
    ["limit", "max_output_tokens"],
    ["filter", "content_filter"],
  ] as const)("the %s stop is incomplete by %s", async (stop, reason) => {
    bench.upstream.always(served, answer({ text: "Some text.", stop }));
    const whole = await openai.responses.create({ model, input: "Go." });
    expect(whole).toMatchObject({ status: "incomplete", incomplete_details: { reason } });
    expect(whole.output_text).toBe("Some text.");
    const last = (await eventsOf(model)).at(-1);
    expect(last).toMatchObject({
      type: "response.incomplete",
      response: { incomplete_details: { reason } },
    });
  });

  test("an upstream that fails is an error of the client's own classes", async () => {
    bench.upstream.always(served, failure(400, [], "The vendor says no."));
    for (const stream of [false, true]) {
      const error = await openai.responses.create({ model, input: "Go.", stream }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(String(error)).toContain("The vendor says no.");
    }
  });

  test("a stream that breaks off fails in the client", async () => {
    const cut = { afterTokens: 2, reset: true };
    bench.upstream.always(served, answer({ text: "a b c d e f" }, { cut }));
    const stream = openai.responses.stream({ model, input: "Go." });
    const error = await stream.finalResponse().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toContain("The stream broke off");
  });
});

describe.each(CROSS)("reasoning over $dialect", ({ dialect, model }) => {
  const spec = { reasoning: { text: "Let me see.", signature: SIGNATURE }, text: "Looking." };

  test.each([false, true])("comes back byte for byte (streamed: %p)", async (stream) => {
    bench.upstream.always(upstreamModel(model), answer({ ...spec, toolCalls: CALLS }));
    const question = { role: "user" as const, content: "Think, then look up." };
    const request = { model, tools: [WEATHER], reasoning: { summary: "auto" as const } };
    const first = stream
      ? await openai.responses.stream({ ...request, input: [question] }).finalResponse()
      : await openai.responses.create({ ...request, input: [question] });
    const thoughts = first.output.flatMap((item) => {
      return item.type === "reasoning" ? item.summary : [];
    });
    expect(thoughts).toEqual([{ type: "summary_text", text: "Let me see." }]);
    const results = CALLS.map(({ id }) => {
      return { type: "function_call_output" as const, call_id: id, output: "fine" };
    });
    await openai.responses.create({
      ...request,
      input: [question, ...(first.output as Items), ...results],
    });
    const sent = JSON.stringify(bench.lastRequest().json);
    expect(sent.includes(SIGNATURE)).toBe(dialect !== "openai-chat");
    expect(sent).not.toContain("sluice.v1.");
  });

  test("sealed for one vendor is never sent to another", async () => {
    bench.upstream.always(upstreamModel(model), answer(spec));
    const question = { role: "user" as const, content: "Think." };
    const first = await openai.responses.create({ model, input: [question] });
    const other = dialect === "gemini-generate" ? "ant/claude-sonnet-4-5" : "gem/gemini-2.5-flash";
    for (const next of [other, "oai/gpt-5-mini"]) {
      const input = [question, ...(first.output as Items), question];
      const reply = await openai.responses.create({ model: next, input });
      expect(reply.status).toBe("completed");
      const sent = JSON.stringify(bench.lastRequest().json);
      expect(sent).not.toContain(SIGNATURE);
      expect(sent).not.toContain("sluice.v1.");
      // OpenAI would look reasoning up by its id, and refuse what it does not find.
      expect(sent).not.toContain('"type":"reasoning"');
    }
  });
});

describe("what only this API has", () => {
  const CUSTOM = { type: "custom" as const, name: "run_sql", description: "Runs SQL." };
  const QUERY = 'SELECT "a" -- ✨\nFROM b';

  test.each([false, true])("a custom tool is one again (streamed: %p)", async (stream) => {
    const toolCalls = [{ id: "call_a", name: "run_sql", arguments: { input: QUERY } }];
    bench.upstream.always("claude-sonnet-4-5", answer({ text: "", toolCalls }));
    const request = { model: "ant/claude-sonnet-4-5", tools: [CUSTOM] };
    const reply = stream
      ? await openai.responses.stream({ ...request, input: "Go." }).finalResponse()
      : await openai.responses.create({ ...request, input: "Go." });
    expect(reply.output).toMatchObject([
      { type: "custom_tool_call", call_id: "call_a", name: "run_sql", input: QUERY },
    ]);
    await openai.responses.create({
      ...request,
      input: [
        { role: "user", content: "Go." },
        ...(reply.output as Items),
        { type: "custom_tool_call_output", call_id: "call_a", output: "3 rows" },
      ],
    });
    const messages = asArray(sentBody(bench.lastRequest())["messages"]);
    expect(asObject(messages[1])?.["content"]).toMatchObject([
      { type: "tool_use", name: "run_sql", input: { input: QUERY } },
    ]);
  });

  test("a tool in a namespace keeps both of its names", async () => {
    const toolCalls = [{ id: "call_a", name: "crm__find", arguments: { city: "Rome" } }];
    bench.upstream.always("claude-sonnet-4-5", answer({ text: "", toolCalls }));
    const { type, parameters } = WEATHER;
    const find = { type, name: "find", parameters, strict: false };
    const crm = { type: "namespace" as const, name: "crm", description: "CRM.", tools: [find] };
    const reply = await openai.responses.create({
      model: "ant/claude-sonnet-4-5",
      tools: [crm],
      input: "Go.",
    });
    expect(askedOf(bench.lastRequest()).tools).toEqual(["crm__find"]);
    expect(reply.output).toMatchObject([
      { type: "function_call", call_id: "call_a", name: "find", namespace: "crm" },
    ]);
  });

  test("a tool that the vendor runs is refused where another vendor answers", async () => {
    const request = { input: "Go.", tools: [{ type: "code_interpreter", container: "cntr_1" }] };
    const reply = await ask({ ...request, model: "ant/claude-sonnet-4-5" });
    expect(reply.status).toBe(400);
    expect(reply.headers.get("x-sluice-error")).toBe("unsupported_feature");
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test.each([
    ["store", true],
    ["previous_response_id", "resp_1"],
    ["conversation", "conv_1"],
    ["background", true],
    ["prompt", { id: "pmpt_1" }],
  ])("%s is refused, since it lives at the vendor", async (param, value) => {
    const reply = await ask({ model: "oai/gpt-5-mini", input: "Go.", [param]: value });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: "not_available", param } });
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("an item that is only named by its id is left to OpenAI, and refused elsewhere", async () => {
    const input = [
      { role: "user", content: "Go." },
      { type: "item_reference", id: "msg_1" },
    ];
    await ask({ model: "oai/gpt-5-mini", input });
    expect(sentBody(bench.lastRequest())["input"]).toEqual(input);
    bench.upstream.clear();
    const reply = await ask({ model: "ant/claude-sonnet-4-5", input });
    expect(await reply.json()).toMatchObject({
      error: { code: "unsupported_feature", param: "input[1]" },
    });
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("storing is left as the caller has it where OpenAI answers, and off elsewhere", async () => {
    await ask({ model: "oai/gpt-5-mini", input: "Go.", previous_response_id: null });
    expect(sentBody(bench.lastRequest())).not.toHaveProperty("store");
    await ask({ model: "oai/gpt-5-mini", input: "Go.", store: false });
    expect(sentBody(bench.lastRequest())["store"]).toBe(false);
    const messages = [{ role: "user", content: "Go." }];
    const thinking = { type: "adaptive" };
    const body = { model: "oai/gpt-5-mini", max_tokens: 100, messages, thinking };
    await post("/v1/messages", body);
    expect(bench.lastRequest().endpoint.dialect).toBe("openai-responses");
    expect(sentBody(bench.lastRequest())).toMatchObject({
      store: false,
      include: ["reasoning.encrypted_content"],
    });
  });

  test("unknown fields, items and events of OpenAI pass through", async () => {
    const item = { type: "brand_new_item", id: "x_1", payload: { a: [1] } };
    const body = { model: "oai/gpt-5-mini", input: [item], brand_new_field: { b: 2 } };
    await ask(body);
    expect(sentBody(bench.lastRequest())).toEqual({ ...body, model: "gpt-5-mini" });
  });

  test("a counting call is answered, by OpenAI or by an estimate", async () => {
    for (const model of ["oai/gpt-5-mini", "ant/claude-sonnet-4-5"]) {
      const counted = await openai.responses.inputTokens.count({ model, input: "Hello there." });
      expect(counted.object).toBe("response.input_tokens");
      expect(counted.input_tokens).toBeGreaterThan(0);
    }
  });

  test("a WebSocket is answered 426, so that the client stays with HTTP", async () => {
    const reply = await fetch(`${bench.gateway.baseUrl}/v1/responses`, {
      headers: {
        authorization: `Bearer ${CALLER_KEY}`,
        upgrade: "websocket",
        connection: "Upgrade",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    expect(reply.status).toBe(426);
  });
});

describe("an OpenAI provider that another dialect asks", () => {
  const messages = [{ role: "user", content: "Go." }];
  const plain = { model: "oai/gpt-5-mini", max_tokens: 1000, messages };
  const file = { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } };

  test.each([
    ["without a wish for reasoning: chat", plain, "openai-chat"],
    ["with one: Responses", { ...plain, thinking: { type: "adaptive" } }, "openai-responses"],
    [
      "a model that does not reason: chat",
      { ...plain, model: "oai/gpt-4.1", thinking: { type: "adaptive" } },
      "openai-chat",
    ],
    [
      "a file by its address, which chat has no place for: Responses",
      { ...plain, messages: [{ role: "user", content: [file] }] },
      "openai-responses",
    ],
    [
      "a search, which chat models lack: Responses",
      { ...plain, tools: [{ type: "web_search_20250305", name: "web_search" }] },
      "openai-responses",
    ],
    [
      "stop sequences, which Responses lacks: chat",
      { ...plain, model: "oai/gpt-4.1", stop_sequences: ["END"] },
      "openai-chat",
    ],
  ])("is asked %s", async (_, body, dialect) => {
    const reply = await post("/v1/messages", body);
    expect([reply.status, await reply.text()]).toMatchObject([200, expect.any(String)]);
    expect(bench.lastRequest().endpoint.dialect as string).toBe(dialect);
    expect(bench.upstream.requests).toHaveLength(1);
    expect(asArray((await bench.lastDecision())["attempts"])).toHaveLength(1);
  });

  test("refuses what neither of its languages can say", async () => {
    const reply = await post("/v1/messages", { ...plain, stop_sequences: ["END"] });
    expect(reply.headers.get("x-sluice-error")).toBe("unsupported_feature");
    expect(bench.upstream.requests).toHaveLength(0);
  });
});

describe("OpenAI's encrypted reasoning in the hands of Anthropic's clients", () => {
  test.each([false, true])("comes back byte for byte (streamed: %p)", async (stream) => {
    const reasoning = { text: "Let me see.", signature: SIGNATURE };
    bench.upstream.always("gpt-5-mini", answer({ reasoning, text: "", toolCalls: CALLS }));
    const question = { role: "user", content: "Go." };
    const body = {
      model: "oai/gpt-5-mini",
      max_tokens: 1000,
      thinking: { type: "adaptive", display: "summarized" },
      tools: [{ name: "weather", input_schema: WEATHER.parameters }],
    };
    const reply = await post("/v1/messages", { ...body, stream, messages: [question] });
    const content = stream
      ? blocksOf(await reply.text())
      : (asObject(await reply.json())?.["content"] ?? []);
    const results = CALLS.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "4" }));
    const messages = [question, { role: "assistant", content }, { role: "user", content: results }];
    await post("/v1/messages", { ...body, messages });
    const input = asArray(sentBody(bench.lastRequest())["input"]);
    expect(input[1]).toEqual({
      type: "reasoning",
      id: "rs_scripted",
      summary: [{ type: "summary_text", text: "Let me see." }],
      encrypted_content: SIGNATURE,
    });
    expect(input.map((item) => asObject(item)?.["type"]).slice(2)).toEqual([
      "function_call",
      "function_call",
      "function_call_output",
      "function_call_output",
    ]);
  });
});

function ask(body: Record<string, unknown>): Promise<Response> {
  return post("/v1/responses", body);
}

function post(path: string, body: Record<string, unknown>): Promise<Response> {
  return fetch(`${bench.gateway.baseUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${CALLER_KEY}` },
    body: JSON.stringify(body),
  });
}

async function eventsOf(model: string): Promise<Event[]> {
  const events: Event[] = [];
  const stream = await openai.responses.create({ model, input: "Go.", stream: true });
  for await (const event of stream) events.push(event);
  return events;
}

function deltas(events: readonly Event[], type: "response.output_text.delta"): string {
  return events.map((event) => (event.type === type ? event.delta : "")).join("");
}

function callsOf(output: readonly OpenAI.Responses.ResponseOutputItem[]) {
  return output.flatMap((item) => {
    if (item.type !== "function_call") return [];
    return [{ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) }];
  });
}

/** What is wrong with the numbers and places of a stream's events. */
function grammarFaults(events: readonly Event[]): string[] {
  const faults: string[] = [];
  const open = new Map<number, string>();
  events.forEach((event, position) => {
    if (event.sequence_number !== position) faults.push(`number ${event.sequence_number}`);
    if (event.type === "response.output_item.added") {
      if (event.output_index !== open.size) faults.push(`item at ${event.output_index}`);
      open.set(event.output_index, String(event.item.id));
    } else if ("item_id" in event && "output_index" in event) {
      if (open.get(event.output_index) !== event.item_id) faults.push(`${event.type} of another`);
    }
  });
  const types = events.map(({ type }) => type);
  if (types[0] !== "response.created" || types[1] !== "response.in_progress") {
    faults.push(`begins with ${types.slice(0, 2)}`);
  }
  return faults;
}

/** The content blocks that an Anthropic client makes of a stream. */
function blocksOf(text: string): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith("data: ")) continue;
    const event = asObject(JSON.parse(line.slice("data: ".length))) ?? {};
    const index = Number(event["index"]);
    const started = asObject(event["content_block"]);
    if (started !== undefined) blocks[index] = started;
    const delta = asObject(event["delta"]);
    const block = blocks[index];
    if (delta === undefined || block === undefined) continue;
    for (const member of ["thinking", "signature", "text"]) {
      if (typeof delta[member] === "string") block[member] = `${block[member]}${delta[member]}`;
    }
    if (typeof delta["partial_json"] === "string") {
      block["json"] = `${block["json"] ?? ""}${delta["partial_json"]}`;
    }
  }
  return blocks.map(({ json, ...block }) => {
    return json === undefined ? block : { ...block, input: JSON.parse(String(json)) };
  });
}
