// The official clients of three vendors against models on Bedrock: by Converse whatever the client
// speaks, and Claude in Anthropic's own words where the client speaks those.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { asArray, asObject } from "#core/json.ts";
import { answer, failure } from "#support/upstream/upstream.ts";
import { askedOf } from "./asked.ts";
import {
  CALLER_KEY,
  PROVIDER_KEY,
  sentBody,
  startVendorBench,
  usageOf,
  type VendorBench,
} from "./vendor-bench.ts";

const NOVA = "us.amazon.nova-lite-v1:0";
const CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

function documentFor(origin: string): string {
  return `version: 1
providers:
  bed: { kind: bedrock, base_url: "${origin}", region: eu-central-1, api_key: ${PROVIDER_KEY} }
models:
  nova: { targets: ["bed/${NOVA}"], attempts: 1 }
  claude: { targets: ["bed/${CLAUDE}"], attempts: 1 }
  failing: { targets: ["bed/failing.nova"], attempts: 1 }
  failing-claude: { targets: ["bed/anthropic.claude-failing-v1:0"], attempts: 1 }
tenants: { bench: {} }
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
prices:
  bed/*: { input: 1, cache_read: 0.1, cache_write_5m: 1.25, cache_write_1h: 2, output: 4 }
`;
}

const USAGE = { inputTokens: 20, cacheReadTokens: 5, cacheWrite1hTokens: 2, outputTokens: 9 };
const USAGE_ROW = {
  input_tokens: 20,
  cache_read_tokens: 5,
  cache_write_1h_tokens: 2,
  output_tokens: 9,
};
const CALLS = [
  { id: "tooluse_a", name: "weather", arguments: { city: "Rome" } },
  { id: "tooluse_b", name: "weather", arguments: { city: "Oslo" } },
];
const SCHEMA = { type: "object" as const, properties: { city: { type: "string" } } };
const EPHEMERAL = { type: "ephemeral" as const };
const PNG = "iVBORw0KGgo=";
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";
const CALL_LINES = [
  'call tooluse_a weather {"city":"Rome"}',
  'call tooluse_b weather {"city":"Oslo"}',
];
const SECOND_TURNS = [
  { role: "user", parts: ["text Hello."] },
  { role: "assistant", parts: ["text Looking.", ...CALL_LINES] },
  { role: "user", parts: ["result tooluse_a 18 degrees", "result tooluse_b 4 degrees"] },
];

let bench: VendorBench;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

beforeAll(async () => {
  bench = await startVendorBench(documentFor);
  const { baseUrl } = bench.gateway;
  openai = new OpenAI({ apiKey: CALLER_KEY, baseURL: `${baseUrl}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: CALLER_KEY, baseURL: baseUrl, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: CALLER_KEY, httpOptions: { baseUrl } });
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

describe("OpenAI's client by Converse", () => {
  const hello = { role: "user" as const, content: "Hello." };
  const tools = [
    { type: "function" as const, function: { name: "weather", parameters: { ...SCHEMA } } },
  ];

  test("gets a whole answer, and Bedrock a request in its words", async () => {
    bench.upstream.always(NOVA, answer({ text: "Two words.", usage: USAGE }));
    const reply = await openai.chat.completions.create({
      model: "nova",
      max_completion_tokens: 50,
      temperature: 0.5,
      stop: ["END"],
      messages: [{ role: "system", content: "Be brief." }, hello],
    });
    expect(reply.choices[0]).toMatchObject({
      message: { role: "assistant", content: "Two words." },
      finish_reason: "stop",
    });
    expect(reply.usage).toMatchObject({
      prompt_tokens: 27,
      completion_tokens: 9,
      prompt_tokens_details: { cached_tokens: 5 },
    });
    expect(reply.model).toBe(NOVA);
    expect(bench.lastRequest().target).toBe("/model/us.amazon.nova-lite-v1%3A0/converse");
    expect(bench.lastRequest().header("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
    expect(sentBody(bench.lastRequest())).toEqual({
      system: [{ text: "Be brief." }],
      messages: [{ role: "user", content: [{ text: "Hello." }] }],
      inferenceConfig: { maxTokens: 50, temperature: 0.5, stopSequences: ["END"] },
    });
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
  });

  test("gets a stream out of Amazon's binary one", async () => {
    bench.upstream.always(NOVA, answer({ text: "One two three.", usage: USAGE }));
    const stream = await openai.chat.completions.create({
      model: "nova",
      stream: true,
      stream_options: { include_usage: true },
      messages: [hello],
    });
    const pieces: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    let reason: string | null | undefined;
    for await (const chunk of stream) {
      const [choice] = chunk.choices;
      if (choice?.delta.content) pieces.push(choice.delta.content);
      reason = choice?.finish_reason ?? reason;
      usage = chunk.usage ?? usage;
    }
    expect(pieces).toEqual(["One", " two", " three."]);
    expect(reason).toBe("stop");
    expect(usage).toMatchObject({ prompt_tokens: 27, completion_tokens: 9 });
    expect(bench.lastRequest().target).toEndWith("/converse-stream");
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
  });

  test("has its tool calls and results go round, whole and streamed", async () => {
    bench.upstream.always(NOVA, answer({ text: "Looking.", toolCalls: CALLS }));
    const request = { model: "nova", tools, messages: [hello] };
    const whole = await openai.chat.completions.create(request);
    const streamed = await openai.chat.completions.stream(request).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      expect(choices[0]?.finish_reason).toBe("tool_calls");
      const message = choices[0]?.message;
      if (message === undefined) throw new Error("There is no message.");
      await openai.chat.completions.create({
        ...request,
        messages: [
          hello,
          message,
          { role: "tool", tool_call_id: "tooluse_a", content: "18 degrees" },
          { role: "tool", tool_call_id: "tooluse_b", content: "4 degrees" },
        ],
      });
      const asked = askedOf(bench.lastRequest());
      expect(asked.turns).toEqual(SECOND_TURNS);
      expect(asked.tools).toEqual(["weather"]);
    }
  });

  test("has Claude's thinking go round through the Responses API, streamed", async () => {
    const reasoning = { text: "Let me see.", signature: SIGNATURE };
    bench.upstream.always(CLAUDE, answer({ reasoning, text: "Looking.", toolCalls: CALLS }));
    const request = {
      model: "claude",
      store: false,
      include: ["reasoning.encrypted_content" as const],
      reasoning: { effort: "low" as const },
      max_output_tokens: 4000,
      tools: [{ type: "function" as const, name: "weather", parameters: SCHEMA, strict: false }],
    };
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Hello." }];
    const first = await openai.responses.stream({ ...request, input }).finalResponse();
    expect(first.output.map(({ type }) => type)).toEqual([
      "reasoning",
      "message",
      "function_call",
      "function_call",
    ]);
    const outputs = CALLS.map(({ id }, index) => {
      const output = index === 0 ? "18 degrees" : "4 degrees";
      return { type: "function_call_output" as const, call_id: id, output };
    });
    const history = first.output as OpenAI.Responses.ResponseInput;
    await openai.responses.create({ ...request, input: [...input, ...history, ...outputs] });
    expect(askedOf(bench.lastRequest()).turns).toEqual([
      { role: "user", parts: ["text Hello."] },
      {
        role: "assistant",
        parts: [`reasoning Let me see. #${SIGNATURE}`, "text Looking.", ...CALL_LINES],
      },
      { role: "user", parts: ["result tooluse_a 18 degrees", "result tooluse_b 4 degrees"] },
    ]);
  });

  test("has images, files and a schema go in Bedrock's form", async () => {
    bench.upstream.always(CLAUDE, answer({ text: '{"city":"Rome"}' }));
    const reply = await openai.chat.completions.create({
      model: "claude",
      response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA } },
      messages: [
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
            {
              type: "file",
              file: {
                filename: "The_plan.v2.pdf",
                file_data: "data:application/pdf;base64,JVBERi0=",
              },
            },
          ],
        },
      ],
    });
    expect(reply.choices[0]?.message.content).toBe('{"city":"Rome"}');
    const asked = askedOf(bench.lastRequest());
    expect(asked.turns).toEqual([
      {
        role: "user",
        parts: [
          `image data:image/png;base64,${PNG}`,
          "document The-plan-v2 pdf JVBERi0=",
          "text .",
        ],
      },
    ]);
    expect(asked.schema).toMatchObject({ properties: { city: { type: "string" } } });
    const { notices } = await bench.lastDecision();
    expect(notices).toContain("converted:file_name");
    expect(notices).toContain("emulated:text_beside_document");
  });

  test("is told that Bedrock fetches no images", async () => {
    const image = { type: "image_url" as const, image_url: { url: "https://example.com/a.png" } };
    const call = openai.chat.completions.create({
      model: "claude",
      messages: [{ role: "user", content: [image] }],
    });
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ status: 400, code: "unsupported_feature" });
    expect(String(error)).toContain("send the bytes in base64");
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("is told that Bedrock searches nothing, Claude or not", async () => {
    const error = await openai.chat.completions
      .create({ model: "claude", web_search_options: {}, messages: [hello] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 400, code: "unsupported_feature" });
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("has Claude's thinking come back to it with its signature", async () => {
    const reasoning = { text: "Let me see.", signature: SIGNATURE };
    bench.upstream.always(CLAUDE, answer({ reasoning, text: "Looking.", toolCalls: CALLS }));
    const request = {
      model: "claude",
      reasoning_effort: "low" as const,
      max_completion_tokens: 4000,
      parallel_tool_calls: false,
      tools,
    };
    const { choices } = await openai.chat.completions.create({ ...request, messages: [hello] });
    expect(sentBody(bench.lastRequest())["additionalModelRequestFields"]).toEqual({
      thinking: { type: "enabled", budget_tokens: 2048 },
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
    const message = choices[0]?.message;
    if (message === undefined) throw new Error("There is no message.");
    expect(message).toMatchObject({ reasoning_content: "Let me see." });
    await openai.chat.completions.create({
      ...request,
      messages: [
        hello,
        message,
        { role: "tool", tool_call_id: "tooluse_a", content: "18 degrees" },
        { role: "tool", tool_call_id: "tooluse_b", content: "4 degrees" },
      ],
    });
    expect(askedOf(bench.lastRequest()).turns[1]?.parts).toEqual([
      `reasoning Let me see. #${SIGNATURE}`,
      "text Looking.",
      ...CALL_LINES,
    ]);
  });

  test.each([
    [400, 400, "upstream_rejected"],
    [403, 502, "upstream_misconfigured"],
    [429, 429, "upstream_rate_limited"],
    [500, 502, "upstream_failed"],
    [503, 503, "upstream_overloaded"],
  ])("sees status %i of Bedrock as %i", async (status, seen, code) => {
    bench.upstream.always("failing.nova", failure(status, [], "Amazon says no."));
    const error = await openai.chat.completions
      .create({ model: "failing", messages: [hello] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: seen, code });
    expect(String(error)).toContain("Amazon says no.");
  });
});

describe("Google's client by Converse", () => {
  const hello = { role: "user", parts: [{ text: "Hello." }] };
  const config = {
    tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: SCHEMA }] }],
  };

  test("gets answers, whole and streamed", async () => {
    bench.upstream.always(NOVA, answer({ text: "One two three.", usage: USAGE }));
    const request = { model: "nova", contents: [hello], config: { maxOutputTokens: 50 } };
    const whole = await google.models.generateContent(request);
    expect(whole.text).toBe("One two three.");
    expect(whole.usageMetadata).toMatchObject({ promptTokenCount: 27, candidatesTokenCount: 9 });
    const pieces: (string | undefined)[] = [];
    for await (const chunk of await google.models.generateContentStream(request)) {
      if (chunk.text) pieces.push(chunk.text);
    }
    expect(pieces.join("")).toBe("One two three.");
    expect(askedOf(bench.lastRequest())).toMatchObject({ maxTokens: 50 });
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
  });

  test("has its calls and results go round", async () => {
    bench.upstream.always(NOVA, answer({ text: "Looking.", toolCalls: CALLS }));
    const reply = await google.models.generateContent({ model: "nova", contents: [hello], config });
    const content = reply.candidates?.[0]?.content;
    if (content === undefined) throw new Error("There is no content.");
    const results = asArray(reply.functionCalls).map((call, index) => {
      const { id, name } = asObject(call) ?? {};
      const output = index === 0 ? "18 degrees" : "4 degrees";
      return { functionResponse: { id: `${id}`, name: `${name}`, response: { output } } };
    });
    await google.models.generateContent({
      model: "nova",
      contents: [hello, content, { role: "user", parts: results }],
      config,
    });
    expect(askedOf(bench.lastRequest()).turns).toEqual(SECOND_TURNS);
  });
});

describe("Anthropic's client", () => {
  const hello: Anthropic.MessageParam = { role: "user", content: "Hello." };
  const weather: Anthropic.Tool = { name: "weather", input_schema: SCHEMA };
  const results: Anthropic.MessageParam = {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "tooluse_a", content: "18 degrees" },
      { type: "tool_result", tool_use_id: "tooluse_b", content: "4 degrees", is_error: true },
    ],
  };

  test("reaches other models by Converse, cache marks included", async () => {
    bench.upstream.always(NOVA, answer({ text: "One two.", usage: USAGE }));
    const message = await anthropic.messages
      .stream({
        model: "nova",
        max_tokens: 50,
        system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }],
        tools: [{ ...weather, cache_control: { type: "ephemeral", ttl: "1h" } }],
        messages: [hello],
      })
      .finalMessage();
    expect(message).toMatchObject({
      content: [{ type: "text", text: "One two." }],
      stop_reason: "end_turn",
      usage: {
        input_tokens: 20,
        cache_read_input_tokens: 5,
        cache_creation_input_tokens: 2,
        output_tokens: 9,
      },
    });
    const body = sentBody(bench.lastRequest());
    expect(body["system"]).toEqual([{ text: "Be kind." }, { cachePoint: { type: "default" } }]);
    expect(asObject(body["toolConfig"])?.["tools"]).toEqual([
      { toolSpec: { name: "weather", inputSchema: { json: SCHEMA } } },
      { cachePoint: { type: "default", ttl: "1h" } },
    ]);
  });

  test("has failed tools go as such by Converse", async () => {
    bench.upstream.always(NOVA, answer({ text: "Looking.", toolCalls: CALLS }));
    const request = { model: "nova", max_tokens: 50, tools: [weather] };
    const { role, content } = await anthropic.messages.create({ ...request, messages: [hello] });
    await anthropic.messages.create({ ...request, messages: [hello, { role, content }, results] });
    const sent = asArray(sentBody(bench.lastRequest())["messages"]);
    expect(asArray(asObject(sent[2])?.["content"])[1]).toEqual({
      toolResult: {
        toolUseId: "tooluse_b",
        content: [{ text: "4 degrees" }],
        status: "error",
      },
    });
  });

  test("reaches Claude by invoke with its own body, but for what stands elsewhere", async () => {
    bench.upstream.always(CLAUDE, answer({ text: "Two words.", usage: USAGE }));
    const body = {
      max_tokens: 50,
      system: [{ type: "text" as const, text: "Be kind.", cache_control: EPHEMERAL }],
      messages: [hello],
      metadata: { user_id: "someone" },
      some_new_field: { a: 1 },
    };
    const message = await anthropic.messages.create(
      { ...body, model: "claude" },
      { headers: { "anthropic-beta": "context-1m-2025-08-07,claude-code-20250219" } },
    );
    expect(message).toMatchObject({
      id: "msg_scripted",
      content: [{ type: "text", text: "Two words." }],
      usage: { input_tokens: 20, cache_read_input_tokens: 5, output_tokens: 9 },
    });
    const seen = bench.lastRequest();
    expect(seen.target).toBe(`/model/${encodeURIComponent(CLAUDE)}/invoke`);
    expect<unknown>(sentBody(seen)).toEqual({
      ...body,
      anthropic_version: "bedrock-2023-05-31",
      anthropic_beta: ["context-1m-2025-08-07"],
    });
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual(USAGE_ROW);
    expect(decision["notices"]).toEqual(["dropped:anthropic-beta.claude-code-20250219"]);
  });

  test("gets Claude's events as they are out of Amazon's frames, thinking and calls included", async () => {
    const reasoning = { text: "Let me see.", signature: SIGNATURE };
    bench.upstream.always(
      CLAUDE,
      answer({ reasoning, text: "Looking.", toolCalls: CALLS, usage: USAGE }, { pieceBytes: 7 }),
    );
    const request = { model: "claude", max_tokens: 4000, tools: [weather] };
    const types = new Set<string>();
    const stream = anthropic.messages.stream({ ...request, messages: [hello] });
    stream.on("streamEvent", ({ type }) => types.add(type));
    const { role, content, stop_reason } = await stream.finalMessage();
    expect(stop_reason).toBe("tool_use");
    expect([...types]).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
    expect(bench.lastRequest().target).toEndWith("/invoke-with-response-stream");
    await anthropic.messages.create({ ...request, messages: [hello, { role, content }, results] });
    expect(askedOf(bench.lastRequest()).turns[1]?.parts).toEqual([
      `reasoning Let me see. #${SIGNATURE}`,
      "text Looking.",
      ...CALL_LINES,
    ]);
  });

  test("has Claude's tokens counted by Amazon's counter, and others' estimated", async () => {
    const counting = { messages: [{ role: "user" as const, content: "word ".repeat(40) }] };
    const { data, response } = await anthropic.messages
      .countTokens({ model: "claude", system: "Be brief.", ...counting })
      .withResponse();
    expect(data.input_tokens).toBe(11);
    expect(response.headers.get("x-sluice-notices")).toBeNull();
    const seen = bench.lastRequest();
    const name = "anthropic.claude-sonnet-4-5-20250929-v1%3A0";
    expect(seen.target).toBe(`/model/${name}/count-tokens`);
    expect(sentBody(seen)).toEqual({
      input: {
        converse: {
          system: [{ text: "Be brief." }],
          messages: [{ role: "user", content: [{ text: "word ".repeat(40) }] }],
        },
      },
    });
    const estimated = await anthropic.messages
      .countTokens({ model: "nova", ...counting })
      .withResponse();
    expect(estimated.data.input_tokens).toBeGreaterThan(39);
    expect(estimated.response.headers.get("x-sluice-notices")).toBe("estimated:input_tokens");
  });

  test.each([
    [400, 400, "invalid_request_error"],
    [429, 429, "rate_limit_error"],
    [403, 502, "api_error"],
  ])("sees Amazon's %i as %i in Anthropic's form", async (status, seen, type) => {
    bench.upstream.always("anthropic.claude-failing-v1:0", failure(status, [], "Amazon says no."));
    const error = await anthropic.messages
      .create({ model: "failing-claude", max_tokens: 5, messages: [hello] })
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof Anthropic.APIError)) throw new Error(`Got ${String(error)}`);
    expect(error.status).toBe(seen);
    expect(error.error).toMatchObject({ type: "error", error: { type } });
    expect(error.message).toContain("Amazon says no.");
  });
});
