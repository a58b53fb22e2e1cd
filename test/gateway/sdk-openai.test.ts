// OpenAI's own client against the gateway by base URL alone, over an upstream of each dialect: what the
// client gets, what the upstream was asked, what was recorded.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { asObject, type JsonObject } from "#core/json.ts";
import { answer, closedGate, failure } from "#support/upstream/upstream.ts";
import { type AskedTurn, askedOf } from "./asked.ts";
import {
  CALLER_KEY,
  direct,
  failingModels,
  PROVIDER_KEY,
  startVendorBench,
  targetOf,
  usageOf,
  VENDORS,
  type Vendor,
  type VendorBench,
} from "./vendor-bench.ts";

const MODELS = `
models:
  assistant: { targets: [oai/gpt-4.1], attempts: 1 }
${failingModels([400, 401, 403, 404, 422, 429, 500, 503])}
`;
const USAGE = { inputTokens: 20, cacheReadTokens: 5, outputTokens: 9, reasoningTokens: 3 };
const USAGE_ROW = { input_tokens: 20, cache_read_tokens: 5, output_tokens: 9, reasoning_tokens: 3 };
const CALLS = [
  { id: "call_a", name: "weather", arguments: { city: "Rome" } },
  { id: "call_b", name: "weather", arguments: { city: "Oslo" } },
];
const WEATHER = {
  type: "function" as const,
  function: {
    name: "weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const HELLO = { role: "user" as const, content: "Hello." };
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";

let bench: VendorBench;
let openai: OpenAI;
beforeAll(async () => {
  bench = await startVendorBench(MODELS);
  openai = clientAt("/v1");
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function clientAt(path: string, apiKey = CALLER_KEY): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${bench.gateway.baseUrl}${path}`, maxRetries: 0 });
}

describe.each(VENDORS)("over $dialect", (vendor: Vendor) => {
  const model = direct(vendor);

  test("a whole answer comes with its usage", async () => {
    bench.upstream.always(vendor.model, answer({ text: "Two words.", usage: USAGE }));
    const reply = await openai.chat.completions.create({
      model,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Say two words." },
      ],
      max_completion_tokens: 50,
    });
    expect(reply.object).toBe("chat.completion");
    expect(reply.model).toBe(vendor.model);
    expect(reply.choices).toHaveLength(1);
    expect(reply.choices[0]?.message.content).toBe("Two words.");
    expect(reply.choices[0]?.finish_reason).toBe("stop");
    expect(reply.usage).toMatchObject({
      prompt_tokens: 25,
      completion_tokens: 9,
      total_tokens: 34,
      prompt_tokens_details: { cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
    expect(askedOf(bench.lastRequest())).toMatchObject({
      model: vendor.model,
      system: ["text Be brief."],
      turns: [{ role: "user", parts: ["text Say two words."] }],
      maxTokens: 50,
    });
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual(USAGE_ROW);
    expect(targetOf(decision)).toBe(model);
    // 20 x 1 + 5 x 0.1 + 9 x 4 dollars a million.
    expect(decision["cost_usd"]).toBe("0.0000565");
  });

  test("a stream comes word by word, without usage unless it was asked for", async () => {
    bench.upstream.always(vendor.model, answer({ text: "One two three.", usage: USAGE }));
    const request = { model, messages: [{ role: "user" as const, content: "Count." }] };
    const plain = await chunksOf(openai.chat.completions.create({ ...request, stream: true }));
    expect(plain.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(
      "One two three.",
    );
    expect(plain.length).toBeGreaterThanOrEqual(4);
    expect(plain.flatMap(({ choices }) => choices.map((one) => one.finish_reason)).at(-1)).toBe(
      "stop",
    );
    expect(plain.some((chunk) => chunk.usage)).toBe(false);
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);

    const options = { stream: true as const, stream_options: { include_usage: true } };
    const counted = await chunksOf(openai.chat.completions.create({ ...request, ...options }));
    expect(counted.filter((chunk) => chunk.usage)).toHaveLength(1);
    expect(counted.at(-1)?.usage).toMatchObject({ prompt_tokens: 25, completion_tokens: 9 });
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
  });

  test("parallel tool calls, whole and streamed, and their results go round", async () => {
    bench.upstream.always(vendor.model, answer({ text: "Looking.", toolCalls: CALLS }));
    const question = { role: "user" as const, content: "Rome and Oslo?" };
    const request = { model, tools: [WEATHER], messages: [question] };
    const streamed = openai.chat.completions.stream({ ...request });
    const fromStream = (await streamed.finalChatCompletion()).choices[0]?.message.tool_calls;
    const first = await openai.chat.completions.create(request);
    const message = first.choices[0]?.message;
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    expect(askedOf(bench.lastRequest()).tools).toEqual(["weather"]);
    for (const calls of [message?.tool_calls, fromStream]) {
      expect(calls?.map((call) => call.type === "function" && functionOf(call))).toEqual([
        { id: "call_a", name: "weather", arguments: { city: "Rome" } },
        { id: "call_b", name: "weather", arguments: { city: "Oslo" } },
      ]);
    }
    if (message === undefined) throw new Error("There was no message.");
    await openai.chat.completions.create({
      model,
      tools: [WEATHER],
      messages: [
        question,
        message,
        { role: "tool", tool_call_id: "call_a", content: "18 degrees" },
        { role: "tool", tool_call_id: "call_b", content: "4 degrees" },
      ],
    });
    expect(askedOf(bench.lastRequest()).turns).toEqual(SECOND_TURNS[vendor.dialect]);
  });

  test("an image goes as bytes", async () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    await openai.chat.completions.create({
      model,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "image_url", image_url: { url } },
          ],
        },
      ],
    });
    expect(askedOf(bench.lastRequest()).turns).toEqual([
      { role: "user", parts: ["text What is it?", `image ${url}`] },
    ]);
    const decision = await bench.lastDecision();
    expect(asObject(decision["facts"])).toMatchObject({ image_count: 1 });
  });

  test("structured output goes as the upstream's own and comes back parsed", async () => {
    bench.upstream.always(vendor.model, answer({ text: '{"city":"Rome","degrees":18}' }));
    const schema = {
      type: "object",
      properties: { city: { type: "string" }, degrees: { type: "integer" } },
      required: ["city", "degrees"],
      additionalProperties: false,
    };
    const reply = await openai.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "Weather as JSON." }],
      response_format: {
        type: "json_schema",
        json_schema: { name: "weather", schema, strict: true },
      },
    });
    expect(reply.choices[0]?.message.parsed as unknown).toEqual({ city: "Rome", degrees: 18 });
    expect(askedOf(bench.lastRequest()).schema).toMatchObject({
      type: "object",
      required: ["city", "degrees"],
    });
  });

  test.each([
    ["natural", "stop"],
    ["limit", "length"],
    ["filter", "content_filter"],
  ] as const)("the %s stop is called %s", async (stop, expected) => {
    bench.upstream.always(vendor.model, answer({ text: "Some text.", stop }));
    const request = { model, messages: [{ role: "user" as const, content: "Go." }] };
    const whole = await openai.chat.completions.create(request);
    expect(whole.choices[0]?.finish_reason).toBe(expected);
    const chunks = await chunksOf(openai.chat.completions.create({ ...request, stream: true }));
    const reasons = chunks.map(({ choices }) => choices[0]?.finish_reason).filter(Boolean);
    expect(reasons).toEqual([expected]);
  });

  test.each([
    [400, OpenAI.BadRequestError, 400, "upstream_rejected"],
    [401, OpenAI.InternalServerError, 502, "upstream_misconfigured"],
    [403, OpenAI.InternalServerError, 502, "upstream_misconfigured"],
    [404, OpenAI.InternalServerError, 502, "upstream_misconfigured"],
    [422, OpenAI.UnprocessableEntityError, 422, "upstream_rejected"],
    [429, OpenAI.RateLimitError, 429, "upstream_rate_limited"],
    [500, OpenAI.InternalServerError, 502, "upstream_failed"],
    [503, OpenAI.InternalServerError, 503, "upstream_overloaded"],
  ] as const)("status %i becomes %p", async (status, errorClass, seen, code) => {
    bench.upstream.always(`failing-${status}`, failure(status, [], "The vendor says no."));
    for (const stream of [false, true]) {
      const error = await rejection(
        openai.chat.completions.create({
          model: `failing-${vendor.provider}-${status}`,
          stream,
          messages: [{ role: "user", content: "Go." }],
        }),
      );
      expect(error).toBeInstanceOf(errorClass);
      expect(error).toMatchObject({ status: seen });
      expect(error.headers?.get("x-sluice-error")).toBe(code);
      expect(error.requestID).toStartWith("req_");
      expect(error.message).toContain("The vendor says no.");
      if (code !== "upstream_rejected") {
        expect(error.headers?.get("x-should-retry")).toBe("false");
      }
      if (seen === 429 || seen === 503) {
        expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
      }
      expect(await bench.lastDecision()).toMatchObject({ code });
    }
  });

  test("a model of the caller's own choice that the upstream lacks is the caller's 404", async () => {
    bench.upstream.always("no-such-model", failure(404));
    const error = await rejection(
      openai.chat.completions.create({
        model: `${vendor.provider}/no-such-model`,
        messages: [HELLO],
      }),
    );
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error.headers?.get("x-sluice-error")).toBe("upstream_rejected");
  });

  test("a client that leaves ends the upstream's work, and that is recorded", async () => {
    const gate = closedGate();
    bench.upstream.always(
      vendor.model,
      answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }),
    );
    const stream = await openai.chat.completions
      .create({ model, stream: true, messages: [{ role: "user", content: "Go." }] })
      .withResponse();
    const id = stream.response.headers.get("x-sluice-decision") ?? "";
    for await (const chunk of stream.data) if (chunk.choices[0]?.delta.content) break;
    stream.data.controller.abort();
    expect(await bench.lastRequest().closed).toBe("client");
    await bench.gateway.printed(new RegExp(`"decision":"${id}"`));
    expect(await bench.gateway.decision(id)).toMatchObject({ outcome: "client_cancelled" });
    gate.open();
  });
});

describe("reasoning and its signatures", () => {
  const question = { role: "user" as const, content: "Think, then look up." };
  const spec = {
    reasoning: { text: "Let me see.", signature: SIGNATURE },
    text: "Looking.",
    toolCalls: CALLS,
  };

  async function replayed(model: string): Promise<JsonObject> {
    const first = await openai.chat.completions.create({
      model,
      tools: [WEATHER],
      reasoning_effort: "low",
      messages: [question],
    });
    const message = first.choices[0]?.message;
    if (message === undefined) throw new Error("There was no message.");
    await openai.chat.completions.create({
      model,
      tools: [WEATHER],
      reasoning_effort: "low",
      messages: [
        question,
        message,
        { role: "tool", tool_call_id: "call_a", content: "18 degrees" },
        { role: "tool", tool_call_id: "call_b", content: "4 degrees" },
      ],
    });
    return asObject(JSON.parse(JSON.stringify(message))) ?? {};
  }

  test("an Anthropic upstream gets its signature back, byte for byte and in its place", async () => {
    bench.upstream.always("claude-sonnet-4-5", answer(spec));
    const message = await replayed("ant/claude-sonnet-4-5");
    expect(message["reasoning_content"]).toBe("Let me see.");
    expect(askedOf(bench.lastRequest()).turns[1]).toEqual({
      role: "assistant",
      parts: [
        `reasoning Let me see. #${SIGNATURE}`,
        "text Looking.",
        'call call_a weather {"city":"Rome"}',
        'call call_b weather {"city":"Oslo"}',
      ],
    });
  });

  test("a Gemini upstream gets its signature back at the call that it stood at", async () => {
    bench.upstream.always("gemini-2.5-flash", answer(spec));
    await replayed("gem/gemini-2.5-flash");
    const parts = askedOf(bench.lastRequest()).turns[1]?.parts;
    expect(parts).toContain(`call call_a weather {"city":"Rome"} #${SIGNATURE}`);
    expect(parts).toContain('call call_b weather {"city":"Oslo"}');
  });

  test("no signature goes to another vendor", async () => {
    bench.upstream.always("claude-sonnet-4-5", answer(spec));
    const message = await openai.chat.completions
      .create({ model: "ant/claude-sonnet-4-5", tools: [WEATHER], messages: [question] })
      .then((reply) => reply.choices[0]?.message);
    if (message === undefined) throw new Error("There was no message.");
    const messages = [
      question,
      message,
      { role: "tool" as const, tool_call_id: "call_a", content: "18 degrees" },
      { role: "tool" as const, tool_call_id: "call_b", content: "4 degrees" },
    ];
    await openai.chat.completions.create({
      model: "gem/gemini-2.5-flash",
      tools: [WEATHER],
      messages,
    });
    expect(new TextDecoder().decode(bench.lastRequest().body)).not.toContain(SIGNATURE);
  });
});

describe("around the calls", () => {
  test.each(["/v1", "/openai/v1"])("works with %s as base URL", async (path) => {
    const reply = await clientAt(path).chat.completions.create({
      model: "assistant",
      messages: [{ role: "user", content: "Hello." }],
    });
    expect(reply.choices[0]?.message.content).toBe("The scripted upstream says hello.");
    expect(bench.lastRequest().header("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
  });

  test("lists models and shows one", async () => {
    const ids: string[] = [];
    for await (const model of openai.models.list()) ids.push(model.id);
    expect(ids).toContain("assistant");
    expect(await openai.models.retrieve("assistant")).toMatchObject({
      id: "assistant",
      object: "model",
    });
    const error = await rejection(openai.models.retrieve("no-such-model"));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error.code).toBe("unknown_model");
  });

  test("decodes embeddings in the client's default encoding, and meters them", async () => {
    const reply = await openai.embeddings.create({
      model: "oai/text-embedding-3-small",
      input: ["one", "two"],
    });
    expect(bench.lastRequest().json).toEqual({
      model: "text-embedding-3-small",
      input: ["one", "two"],
      encoding_format: "base64",
    });
    expect(reply.data.map(({ embedding }) => embedding)).toEqual([
      [0.5, 0.25, 0.125, 0.0625],
      [1, 0.5, 0.25, 0.125],
    ]);
    expect(usageOf(await bench.lastDecision())).toEqual({ input_tokens: 11 });
  });

  test("says what is wrong in the client's own error classes", async () => {
    const go = (client: OpenAI, model: string) =>
      rejection(
        client.chat.completions.create({ model, messages: [{ role: "user", content: "Go." }] }),
      );
    const wrongKey = await go(clientAt("/v1", "not-a-key-of-this-gateway"), "assistant");
    expect(wrongKey).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(wrongKey).toMatchObject({ code: "invalid_key", type: "authentication_error" });
    const unknown = await go(openai, "asistant");
    expect(unknown).toBeInstanceOf(OpenAI.NotFoundError);
    expect(unknown).toMatchObject({ code: "unknown_model", param: "model" });
    expect(unknown.message).toContain("assistant");
    const messages = [{ role: "user" as const, content: "Hello." }];
    const wish = { model: "assistant", models: ["a"], messages };
    const refused = await rejection(openai.chat.completions.create(wish));
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect(refused).toMatchObject({ code: "not_available", param: "models" });
  });

  test("counts every call in the usage rows of its key", async () => {
    const before = await requestsOf("bench");
    await openai.chat.completions.create({
      model: "assistant",
      messages: [{ role: "user", content: "Hello." }],
    });
    await go404();
    const after = await requestsOf("bench");
    expect(after.requests - before.requests).toBe(2);
    expect(after.errors - before.errors).toBe(1);
  });
});

function go404(): Promise<unknown> {
  return rejection(openai.chat.completions.create({ model: "nothing-like-it", messages: [] }));
}

async function requestsOf(tenant: string): Promise<{ requests: number; errors: number }> {
  const rows = await bench.gateway.usageRows("tenant");
  const row = rows.find((each) => each["tenant"] === tenant);
  return { requests: Number(row?.["requests"] ?? 0), errors: Number(row?.["errors"] ?? 0) };
}

async function chunksOf(
  stream: PromiseLike<AsyncIterable<OpenAI.ChatCompletionChunk>>,
): Promise<OpenAI.ChatCompletionChunk[]> {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of await stream) chunks.push(chunk);
  return chunks;
}

function functionOf(call: OpenAI.ChatCompletionMessageFunctionToolCall): object {
  const { name, arguments: text } = call.function;
  return { id: call.id, name, arguments: JSON.parse(text) };
}

async function rejection(
  promise: PromiseLike<unknown>,
): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof OpenAI.APIError) return error;
  throw new Error(`Expected an API error, got ${String(error)}`);
}

const SECOND_TURNS: Record<Vendor["dialect"], AskedTurn[]> = {
  "openai-chat": [
    { role: "user", parts: ["text Rome and Oslo?"] },
    {
      role: "assistant",
      parts: [
        "text Looking.",
        'call call_a weather {"city":"Rome"}',
        'call call_b weather {"city":"Oslo"}',
      ],
    },
    { role: "tool", parts: ["result call_a 18 degrees"] },
    { role: "tool", parts: ["result call_b 4 degrees"] },
  ],
  "anthropic-messages": [
    { role: "user", parts: ["text Rome and Oslo?"] },
    {
      role: "assistant",
      parts: [
        "text Looking.",
        'call call_a weather {"city":"Rome"}',
        'call call_b weather {"city":"Oslo"}',
      ],
    },
    { role: "user", parts: ["result call_a 18 degrees", "result call_b 4 degrees"] },
  ],
  "gemini-generate": [
    { role: "user", parts: ["text Rome and Oslo?"] },
    {
      role: "model",
      parts: [
        "text Looking.",
        'call call_a weather {"city":"Rome"}',
        'call call_b weather {"city":"Oslo"}',
      ],
    },
    {
      role: "user",
      parts: ['result call_a {"result":"18 degrees"}', 'result call_b {"result":"4 degrees"}'],
    },
  ],
};
