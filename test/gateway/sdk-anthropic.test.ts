// Anthropic's own client against the gateway by base URL alone, over an upstream of each dialect: what
// the client gets, what the upstream was asked, what was recorded.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { asObject } from "#core/json.ts";
import { answer, closedGate, failure, frame, frames } from "#support/upstream/upstream.ts";
import { type AskedTurn, askedOf } from "./asked.ts";
import {
  CALLER_KEY,
  direct,
  failingModels,
  PROVIDER_KEY,
  sentBody,
  startVendorBench,
  targetOf,
  usageOf,
  VENDORS,
  type Vendor,
  type VendorBench,
} from "./vendor-bench.ts";

const MODELS = `
models:
  assistant: { targets: [ant/claude-sonnet-4-5], attempts: 1 }
${failingModels([400, 401, 403, 404, 413, 429, 500, 529])}
`;
const USAGE = {
  inputTokens: 20,
  cacheReadTokens: 5,
  cacheWrite5mTokens: 0,
  outputTokens: 9,
  reasoningTokens: 3,
};
const USAGE_ROW = { input_tokens: 20, cache_read_tokens: 5, output_tokens: 9, reasoning_tokens: 3 };
const CALLS = [
  { id: "call_a", name: "weather", arguments: { city: "Rome" } },
  { id: "call_b", name: "weather", arguments: { city: "Oslo" } },
];
const WEATHER: Anthropic.Tool = {
  name: "weather",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const HELLO: Anthropic.MessageParam = { role: "user", content: "Hello." };
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";
const RESULTS: Anthropic.MessageParam = {
  role: "user",
  content: [
    { type: "tool_result", tool_use_id: "call_a", content: "18 degrees" },
    { type: "tool_result", tool_use_id: "call_b", content: [{ type: "text", text: "4 degrees" }] },
  ],
};

let bench: VendorBench;
let anthropic: Anthropic;
beforeAll(async () => {
  bench = await startVendorBench(MODELS);
  anthropic = clientAt("");
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function clientAt(path: string, apiKey = CALLER_KEY): Anthropic {
  return new Anthropic({ apiKey, baseURL: `${bench.gateway.baseUrl}${path}`, maxRetries: 0 });
}

describe.each(VENDORS)("over $dialect", (vendor: Vendor) => {
  const model = direct(vendor);
  const base = { model, max_tokens: 4000 };

  test("a whole answer comes with its usage", async () => {
    bench.upstream.always(vendor.model, answer({ text: "Two words.", usage: USAGE }));
    const reply = await anthropic.messages.create({
      ...base,
      system: [
        { type: "text", text: "Be brief." },
        { type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } },
      ],
      messages: [{ role: "user", content: "Say two words." }],
    });
    expect(reply).toMatchObject({
      type: "message",
      role: "assistant",
      model: vendor.model,
      content: [{ type: "text", text: "Two words." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 20, cache_read_input_tokens: 5, output_tokens: 9 },
    });
    const asked = askedOf(bench.lastRequest());
    expect(asked).toMatchObject({ model: vendor.model, maxTokens: 4000 });
    expect(asked.system).toEqual(["text Be brief.", "text Be kind."]);
    expect(asked.turns).toEqual([{ role: "user", parts: ["text Say two words."] }]);
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual(USAGE_ROW);
    expect(targetOf(decision)).toBe(model);
    expect(decision["cost_usd"]).toBe("0.0000565");
  });

  test("a stream comes event by event and adds up to the same message", async () => {
    bench.upstream.always(vendor.model, answer({ text: "One two three.", usage: USAGE }));
    const stream = anthropic.messages.stream({ ...base, messages: [HELLO] });
    const pieces: string[] = [];
    const types: string[] = [];
    stream.on("text", (piece) => pieces.push(piece));
    stream.on("streamEvent", ({ type }) => types.push(type));
    const message = await stream.finalMessage();
    expect(pieces).toEqual(["One", " two", " three."]);
    expect([types[0], types.at(-2), types.at(-1)]).toEqual([
      "message_start",
      "message_delta",
      "message_stop",
    ]);
    expect(message).toMatchObject({
      model: vendor.model,
      content: [{ type: "text", text: "One two three." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 20, cache_read_input_tokens: 5, output_tokens: 9 },
    });
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
  });

  test("parallel tool calls, whole and streamed, and their results go round", async () => {
    bench.upstream.always(vendor.model, answer({ text: "Looking.", toolCalls: CALLS }));
    const request = { ...base, tools: [WEATHER], messages: [HELLO] };
    const streamed = await anthropic.messages.stream(request).finalMessage();
    const whole = await anthropic.messages.create(request);
    expect(askedOf(bench.lastRequest()).tools).toEqual(["weather"]);
    for (const message of [whole, streamed]) {
      expect(message.stop_reason).toBe("tool_use");
      expect(message.content.filter(({ type }) => type === "tool_use")).toMatchObject([
        { id: "call_a", name: "weather", input: { city: "Rome" } },
        { id: "call_b", name: "weather", input: { city: "Oslo" } },
      ]);
      const { role, content } = message;
      await anthropic.messages.create({
        ...request,
        messages: [HELLO, { role, content }, RESULTS],
      });
      expect(askedOf(bench.lastRequest()).turns).toEqual(SECOND_TURNS[vendor.dialect]);
    }
  });

  test("an image goes as bytes", async () => {
    await anthropic.messages.create({
      ...base,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            {
              type: "image",
              source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
            },
          ],
        },
      ],
    });
    expect(askedOf(bench.lastRequest()).turns).toEqual([
      { role: "user", parts: ["text What is it?", "image data:image/png;base64,iVBORw0KGgo="] },
    ]);
    expect(asObject((await bench.lastDecision())["facts"])).toMatchObject({ image_count: 1 });
  });

  test("structured output goes as the upstream's own", async () => {
    bench.upstream.always(vendor.model, answer({ text: '{"city":"Rome"}' }));
    const schema = {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    };
    const reply = await anthropic.messages.create({
      ...base,
      messages: [HELLO],
      output_config: { format: { type: "json_schema", schema } },
    });
    expect(reply.content).toMatchObject([{ type: "text", text: '{"city":"Rome"}' }]);
    expect(askedOf(bench.lastRequest()).schema).toMatchObject({
      type: "object",
      required: ["city"],
    });
  });

  test.each([
    ["natural", "end_turn"],
    ["limit", "max_tokens"],
    ["filter", "refusal"],
  ] as const)("the %s stop is called %s", async (stop, expected) => {
    bench.upstream.always(vendor.model, answer({ text: "Some text.", stop }));
    const request = { ...base, messages: [HELLO] };
    expect((await anthropic.messages.create(request)).stop_reason).toBe(expected);
    const streamed = await anthropic.messages.stream(request).finalMessage();
    expect(streamed.stop_reason).toBe(expected);
  });

  test("reasoning comes back to its vendor with the signature unchanged and in its place", async () => {
    const reasoning = { text: "Let me see.", signature: SIGNATURE };
    bench.upstream.always(vendor.model, answer({ reasoning, text: "Looking.", toolCalls: CALLS }));
    const request = {
      ...base,
      tools: [WEATHER],
      thinking: { type: "enabled" as const, budget_tokens: 1024 },
    };
    const whole = await anthropic.messages.create({ ...request, messages: [HELLO] });
    const streamed = await anthropic.messages
      .stream({ ...request, messages: [HELLO] })
      .finalMessage();
    for (const { role, content } of [whole, streamed]) {
      expect(content.map(({ type }): string => type)).toEqual(BLOCK_TYPES[vendor.dialect]);
      expect(content[0]).toMatchObject({ type: "thinking", thinking: "Let me see." });
      await anthropic.messages.create({
        ...request,
        messages: [HELLO, { role, content }, RESULTS],
      });
      const parts = askedOf(bench.lastRequest()).turns[1]?.parts;
      expect(parts).toEqual(SECOND_REASONING[vendor.dialect]);
    }
  });

  test.each([
    [400, Anthropic.BadRequestError, 400, "upstream_rejected"],
    [401, Anthropic.InternalServerError, 502, "upstream_misconfigured"],
    [403, Anthropic.InternalServerError, 502, "upstream_misconfigured"],
    [404, Anthropic.InternalServerError, 502, "upstream_misconfigured"],
    [413, Anthropic.APIError, 413, "upstream_rejected"],
    [429, Anthropic.RateLimitError, 429, "upstream_rate_limited"],
    [500, Anthropic.InternalServerError, 502, "upstream_failed"],
    [529, Anthropic.InternalServerError, 503, "upstream_overloaded"],
  ] as const)("status %i becomes %p", async (status, errorClass, seen, code) => {
    bench.upstream.always(`failing-${status}`, failure(status, [], "The vendor says no."));
    const request = { model: `failing-${vendor.provider}-${status}`, max_tokens: 50 };
    const calls = [
      () => anthropic.messages.create({ ...request, messages: [HELLO] }),
      () => anthropic.messages.stream({ ...request, messages: [HELLO] }).finalMessage(),
    ];
    for (const call of calls) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(errorClass);
      expect(error.status).toBe(seen);
      expect(error.headers?.get("x-sluice-error")).toBe(code);
      expect(asObject(error.error)).toMatchObject({ type: "error" });
      expect(error.message).toContain("The vendor says no.");
      expect(await bench.lastDecision()).toMatchObject({ code });
    }
  });

  test("tokens are counted by the vendor, in its own words", async () => {
    const { data, response } = await anthropic.messages
      .countTokens({ model, messages: [{ role: "user", content: "word ".repeat(40) }] })
      .withResponse();
    const notices = response.headers.get("x-sluice-notices");
    if (vendor.dialect === "anthropic-messages") {
      expect(data.input_tokens).toBe(11);
      expect(notices).toBeNull();
      expect(bench.lastRequest().target).toBe("/v1/messages/count_tokens");
    } else if (vendor.dialect === "gemini-generate") {
      // Gemini counts too: it is asked, in its own words.
      expect(data.input_tokens).toBe(11);
      expect(notices).toBeNull();
      expect(bench.lastRequest().target).toBe(`/v1beta/models/${vendor.model}:countTokens`);
      expect(sentBody(bench.lastRequest())).toMatchObject({
        generateContentRequest: {
          model: `models/${vendor.model}`,
          contents: [{ role: "user", parts: [{ text: "word ".repeat(40) }] }],
        },
      });
    } else {
      expect(data.input_tokens).toBe(11);
      expect(notices).toBeNull();
      expect(bench.lastRequest().target).toBe("/v1/responses/input_tokens");
    }
    // Counting uses up no tokens.
    expect(usageOf(await bench.lastDecision())).toEqual({});
  });

  test("a counter that fails or is not there is replaced by an estimate, its refusals are told", async () => {
    const counting = { model, messages: [{ role: "user" as const, content: "word ".repeat(40) }] };
    for (const status of [500, 404]) {
      bench.upstream.always(vendor.model, failure(status));
      const { data, response } = await anthropic.messages.countTokens(counting).withResponse();
      expect(data.input_tokens).toBeGreaterThan(39);
      expect(response.headers.get("x-sluice-notices")).toBe("estimated:input_tokens");
    }
    bench.upstream.always(vendor.model, failure(400, [], "The vendor says no."));
    const refused = await anthropic.messages.countTokens(counting).catch((error: Error) => error);
    expect(refused).toMatchObject({ status: 400 });
    expect(String(refused)).toContain("The vendor says no.");
  });

  test("a client that leaves ends the upstream's work, and that is recorded", async () => {
    const gate = closedGate();
    bench.upstream.always(
      vendor.model,
      answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }),
    );
    const { data, response } = await anthropic.messages
      .create({ ...base, stream: true, messages: [HELLO] })
      .withResponse();
    for await (const event of data) if (event.type === "content_block_delta") break;
    data.controller.abort();
    expect(await bench.lastRequest().closed).toBe("client");
    const id = response.headers.get("x-sluice-decision") ?? "";
    await bench.gateway.printed(new RegExp(`"decision":"${id}"`));
    expect(await bench.gateway.decision(id)).toMatchObject({ outcome: "client_cancelled" });
    gate.open();
  });
});

describe("what only Anthropic has", () => {
  test("blocks that Sluice does not know pass in both directions untouched", async () => {
    const content = [
      { type: "redacted_thinking", data: "b3BhcXVl" },
      { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } },
      { type: "text", text: "Found it.", citations: null },
    ];
    const reply = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content,
      stop_reason: "pause_turn",
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 4 },
    };
    bench.upstream.always("claude-sonnet-4-5", (_, writer) => whole(writer, reply));
    const message = await anthropic.messages.create({
      model: "assistant",
      max_tokens: 50,
      messages: [HELLO],
    });
    expect(message.content as unknown).toEqual(content);
    expect(message.stop_reason).toBe("pause_turn");
    await anthropic.messages.create({
      model: "assistant",
      max_tokens: 50,
      messages: [HELLO, { role: "assistant", content: message.content as never }],
    });
    expect(sentBody(bench.lastRequest())["messages"]).toEqual([
      { role: "user", content: "Hello." },
      { role: "assistant", content },
    ]);
  });

  test("cache writes of both lifetimes are metered apart", async () => {
    const usage = { inputTokens: 2, cacheWrite5mTokens: 100, cacheWrite1hTokens: 10 };
    bench.upstream.always("claude-sonnet-4-5", answer({ usage }));
    const request = { model: "assistant", max_tokens: 50, messages: [HELLO] };
    await anthropic.messages.create(request);
    const expected = {
      input_tokens: 2,
      cache_write_5m_tokens: 100,
      cache_write_1h_tokens: 10,
      output_tokens: 7,
    };
    const whole = await bench.lastDecision();
    expect(usageOf(whole)).toEqual(expected);
    // 2 x 1 + 100 x 1.25 + 10 x 2 + 7 x 4 dollars a million.
    expect(whole["cost_usd"]).toBe("0.000175");
    await anthropic.messages.stream(request).finalMessage();
    expect(usageOf(await bench.lastDecision())).toEqual(expected);
  });

  test("an error event in the stream reaches the client as the vendor's error", async () => {
    const overloaded = { type: "error", error: { type: "overloaded_error", message: "Busy." } };
    const insert = {
      afterTokens: 2,
      text: `event: error\ndata: ${JSON.stringify(overloaded)}\n\n`,
    };
    // The error must not come in one piece with the first content, or the call would still move on.
    const gate = closedGate();
    const delivery = { hold: { afterTokens: 1, gate }, insert: { ...insert, isLast: true } };
    bench.upstream.always("claude-sonnet-4-5", answer({}, delivery));
    const stream = anthropic.messages.stream({
      model: "assistant",
      max_tokens: 50,
      messages: [HELLO],
    });
    stream.on("text", () => gate.open());
    const error = await rejection(stream.finalMessage());
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(asObject(asObject(error.error)?.["error"])).toMatchObject({ code: "upstream_failed" });
    expect(await bench.lastDecision()).toMatchObject({ outcome: "truncated" });
  });

  test("beta flags and the version go on as they came", async () => {
    await anthropic.messages.create(
      { model: "assistant", max_tokens: 50, messages: [HELLO] },
      {
        headers: {
          "anthropic-beta": "some-flag-2026-01-01,other-flag",
          "anthropic-version": "2023-06-01",
        },
      },
    );
    expect(bench.lastRequest().header("anthropic-beta")).toBe("some-flag-2026-01-01,other-flag");
    expect(bench.lastRequest().header("anthropic-version")).toBe("2023-06-01");
  });
});

describe("around the calls", () => {
  test.each(["", "/anthropic"])("works with base URL path '%s'", async (path) => {
    const reply = await clientAt(path).messages.create({
      model: "assistant",
      max_tokens: 50,
      messages: [HELLO],
    });
    expect(reply.content).toMatchObject([{ text: "The scripted upstream says hello." }]);
    expect(bench.lastRequest().header("x-api-key")).toBe(PROVIDER_KEY);
    expect(bench.lastRequest().header("authorization")).toBeUndefined();
  });

  test("takes the key as a bearer token too, and none of it goes upstream", async () => {
    const baseURL = bench.gateway.baseUrl;
    const bearer = new Anthropic({ apiKey: null, authToken: CALLER_KEY, baseURL, maxRetries: 0 });
    await bearer.messages.create({ model: "assistant", max_tokens: 50, messages: [HELLO] });
    expect(JSON.stringify(bench.lastRequest().headers)).not.toContain(CALLER_KEY);
  });

  test("lists models and shows one in Anthropic's form", async () => {
    const ids: string[] = [];
    for await (const model of anthropic.models.list()) {
      expect(model.type).toBe("model");
      ids.push(model.id);
    }
    expect(ids).toContain("assistant");
    expect(await anthropic.models.retrieve("assistant")).toMatchObject({
      id: "assistant",
      type: "model",
    });
    const error = await rejection(anthropic.models.retrieve("no-such-model"));
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(asObject(error.error)).toMatchObject({ error: { type: "not_found_error" } });
  });

  test("says what is wrong in the client's own error classes", async () => {
    const go = (client: Anthropic, model: string) =>
      rejection(client.messages.create({ model, max_tokens: 50, messages: [HELLO] }));
    const wrongKey = await go(clientAt("", "not-a-key-of-this-gateway"), "assistant");
    expect(wrongKey).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(asObject(wrongKey.error)).toMatchObject({
      type: "error",
      error: { type: "authentication_error", code: "invalid_key" },
    });
    const unknown = await go(anthropic, "asistant");
    expect(unknown).toBeInstanceOf(Anthropic.NotFoundError);
    expect(asObject(unknown.error)).toMatchObject({
      error: { type: "not_found_error", code: "unknown_model" },
    });
    expect(unknown.message).toContain("assistant");
    expect(asObject(unknown.error)?.["request_id"]).toBe(unknown.headers?.get("x-request-id"));
  });

  test("survives events that it does not know", async () => {
    const start = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 1 },
    };
    const event = (type: string, data: object) => frame({ type, ...data }, { name: type });
    bench.upstream.always(
      "claude-sonnet-4-5",
      frames(() => [
        event("message_start", { message: start }),
        event("something_new", { value: 1 }),
        event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
        event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hi" } }),
        event("content_block_stop", { index: 0 }),
        event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }),
        event("message_stop", {}),
      ]),
    );
    const request = { model: "assistant", max_tokens: 50, messages: [HELLO] };
    const message = await anthropic.messages.stream(request).finalMessage();
    expect(message.content).toMatchObject([{ type: "text", text: "Hi" }]);
    expect(usageOf(await bench.lastDecision())).toEqual({ input_tokens: 3, output_tokens: 2 });
  });
});

async function whole(
  writer: Parameters<ReturnType<typeof answer>>[1],
  body: object,
): Promise<void> {
  const text = JSON.stringify(body);
  await writer.head(200, [["content-type", "application/json"]], {
    by: "length",
    length: Buffer.byteLength(text),
  });
  await writer.write(text);
  await writer.finish();
}

async function rejection(
  promise: PromiseLike<unknown>,
): Promise<InstanceType<typeof Anthropic.APIError>> {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Anthropic.APIError) return error;
  throw new Error(`Expected an API error, got ${String(error)}`);
}

const CALL_LINES = ['call call_a weather {"city":"Rome"}', 'call call_b weather {"city":"Oslo"}'];

const SECOND_TURNS: Record<Vendor["dialect"], AskedTurn[]> = {
  "openai-chat": [
    { role: "user", parts: ["text Hello."] },
    { role: "assistant", parts: ["text Looking.", ...CALL_LINES] },
    { role: "tool", parts: ["result call_a 18 degrees"] },
    { role: "tool", parts: ["result call_b 4 degrees"] },
  ],
  "anthropic-messages": [
    { role: "user", parts: ["text Hello."] },
    { role: "assistant", parts: ["text Looking.", ...CALL_LINES] },
    { role: "user", parts: ["result call_a 18 degrees", "result call_b 4 degrees"] },
  ],
  "gemini-generate": [
    { role: "user", parts: ["text Hello."] },
    { role: "model", parts: ["text Looking.", ...CALL_LINES] },
    {
      role: "user",
      parts: ['result call_a {"result":"18 degrees"}', 'result call_b {"result":"4 degrees"}'],
    },
  ],
};

/** Gemini signs a call, which Anthropic's form can only hold in a thinking block of its own before it. */
const BLOCK_TYPES: Record<Vendor["dialect"], string[]> = {
  "openai-chat": ["thinking", "text", "tool_use", "tool_use"],
  "anthropic-messages": ["thinking", "text", "tool_use", "tool_use"],
  "gemini-generate": ["thinking", "text", "thinking", "tool_use", "tool_use"],
};

const SECOND_REASONING: Record<Vendor["dialect"], string[]> = {
  // This upstream takes no reasoning back.
  "openai-chat": ["text Looking.", ...CALL_LINES],
  "anthropic-messages": [`reasoning Let me see. #${SIGNATURE}`, "text Looking.", ...CALL_LINES],
  // Gemini wants its signature back, not the summary of its thoughts.
  "gemini-generate": [
    "text Looking.",
    `call call_a weather {"city":"Rome"} #${SIGNATURE}`,
    'call call_b weather {"city":"Oslo"}',
  ],
};
