// Vendors behind official clients: what each was asked in its own words, and that a conversation goes on
// with everything that the vendor wants back.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { asArray, asObject, asString } from "#core/json.ts";
import { answer, frame, frames } from "#support/upstream/upstream.ts";
import { CALLER_KEY, sentBody, targetOf, usageOf, type VendorBench } from "./vendor-bench.ts";
import { lastMessages, lastNotices, startVendorKinds } from "./vendor-kinds-bench.ts";

const USAGE = { inputTokens: 20, cacheReadTokens: 5, outputTokens: 9 };
const USAGE_ROW = { input_tokens: 20, cache_read_tokens: 5, output_tokens: 9 };
const CALL = { id: "abcDEF123", name: "weather", arguments: { city: "Rome" } };
const WEATHER: Anthropic.Tool = {
  name: "weather",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const HELLO: Anthropic.MessageParam = { role: "user", content: "Hello." };

let bench: VendorBench;
let anthropic: Anthropic;
let openai: OpenAI;
beforeAll(async () => {
  bench = await startVendorKinds();
  const baseURL = bench.gateway.baseUrl;
  anthropic = new Anthropic({ apiKey: CALLER_KEY, baseURL, maxRetries: 0 });
  openai = new OpenAI({ apiKey: CALLER_KEY, baseURL: `${baseURL}/v1`, maxRetries: 0 });
});
afterAll(() => bench?.stop());
beforeEach(() => bench.upstream.clear());

/** Asks, answers the call that comes back, and asks again with all of it as history. */
async function toolLoop(model: string, first: Parameters<typeof answer>[0]) {
  const name = model.slice(model.indexOf("/") + 1);
  const base = { model, max_tokens: 2000, tools: [WEATHER] };
  bench.upstream.always(name, answer(first));
  const asked: Anthropic.MessageParam = { role: "user", content: "Weather in Rome?" };
  const reply = await anthropic.messages.create({ ...base, messages: [asked] });
  const call = reply.content.find((block) => block.type === "tool_use");
  bench.upstream.always(name, answer({ text: "18 degrees.", usage: USAGE }));
  const last = await anthropic.messages
    .stream({
      ...base,
      messages: [
        asked,
        { role: "assistant", content: reply.content },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: call?.id ?? "", content: "18" }],
        },
      ],
    })
    .finalMessage();
  return { reply, call, last };
}

describe("mistral", () => {
  test("gets back the very ids that it gave", async () => {
    const { call, last } = await toolLoop("mistral/mistral-large-latest", { toolCalls: [CALL] });
    expect(call?.id).toBe("abcDEF123");
    const [, assistant, result] = lastMessages(bench);
    expect(asObject(asArray(assistant?.["tool_calls"])[0])?.["id"]).toBe("abcDEF123");
    expect(result).toMatchObject({ role: "tool", tool_call_id: "abcDEF123", content: "18" });
    expect(last.content).toMatchObject([{ type: "text", text: "18 degrees." }]);
  });

  test("gets ids of other vendors as nine letters and digits, the same for call and result", async () => {
    bench.upstream.always("mistral-large-latest", answer());
    const ids = ["toolu_01A09q90qw90lq917835lq9", "toolu_01A09q90qw90lq917835lq8"];
    const ask = () =>
      anthropic.messages.create({
        model: "mistral/mistral-large-latest",
        max_tokens: 500,
        tools: [WEATHER],
        messages: [
          HELLO,
          {
            role: "assistant",
            content: ids.map((id) => ({ type: "tool_use", id, name: "weather", input: {} })),
          },
          {
            role: "user",
            content: ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: "18" })),
          },
        ],
      });
    await ask();
    const seen = lastMessages(bench);
    const given = asArray(seen[1]?.["tool_calls"]).map((call) => asString(asObject(call)?.["id"]));
    expect(given.every((id) => /^[A-Za-z0-9]{9}$/.test(id ?? ""))).toBe(true);
    expect(new Set(given).size).toBe(2);
    expect(seen.slice(2).map((message) => message["tool_call_id"] as string)).toEqual(
      given as never,
    );
    await ask();
    expect(lastMessages(bench)).toEqual(seen);
  });

  test("is asked for no usage, which it tells unasked, and the client gets it all the same", async () => {
    const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
    bench.upstream.always(
      "mistral-small-latest",
      frames(() => [
        frame({
          id: "x",
          model: "mistral-small-latest",
          choices: [
            { index: 0, delta: { role: "assistant", content: "Hi." }, finish_reason: "stop" },
          ],
          usage,
        }),
        frame("[DONE]"),
      ]),
    );
    const stream = await openai.chat.completions.create({
      model: "mistral/mistral-small-latest",
      messages: [{ role: "user", content: "Hello." }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.at(-1)?.usage).toMatchObject(usage);
    expect(sentBody(bench.lastRequest())["stream_options"]).toBeUndefined();
    expect(bench.lastRequest().target).toBe("/v1/chat/completions");
  });

  test("thinks in parts of its content, which a client of Anthropic's sees and gives back", async () => {
    const thinking = [{ type: "text", text: "Let me see." }];
    bench.upstream.always(
      "magistral-medium-latest",
      frames((request) => {
        const chunk = (delta: object, finish: string | null = null) =>
          frame({
            id: "m",
            model: request.endpoint.model,
            choices: [{ index: 0, delta, finish_reason: finish }],
          });
        return [
          chunk({ role: "assistant", content: [{ type: "thinking", thinking }] }),
          chunk({ content: [{ type: "text", text: "42" }] }),
          chunk({ content: "" }, "stop"),
          frame("[DONE]"),
        ];
      }),
    );
    const model = "mistral/magistral-medium-latest";
    const first = await anthropic.messages
      .stream({ model, max_tokens: 2000, messages: [HELLO] })
      .finalMessage();
    expect(first.content).toMatchObject([
      { type: "thinking", thinking: "Let me see." },
      { type: "text", text: "42" },
    ]);
    await anthropic.messages
      .stream({
        model,
        max_tokens: 2000,
        messages: [HELLO, { role: "assistant", content: first.content }, HELLO],
      })
      .finalMessage();
    expect(lastMessages(bench)[1]).toEqual({
      role: "assistant",
      content: [
        { type: "thinking", thinking },
        { type: "text", text: "42" },
      ],
    });
  });
});

describe("deepseek", () => {
  const reasoning = { text: "It may rain.", signature: "" };

  test("gets its thoughts back with its calls, through a client of Anthropic's", async () => {
    const { reply } = await toolLoop("deepseek/deepseek-chat", { toolCalls: [CALL], reasoning });
    expect(reply.content[0]).toMatchObject({ type: "thinking", thinking: "It may rain." });
    const [, assistant] = lastMessages(bench);
    expect(assistant).toMatchObject({ role: "assistant", reasoning_content: "It may rain." });
    expect(await lastNotices(bench)).toEqual([]);
  });

  test("gets them back through Google's client, too", async () => {
    const google = new GoogleGenAI({
      apiKey: CALLER_KEY,
      httpOptions: { baseUrl: bench.gateway.baseUrl },
    });
    const model = "deepseek/deepseek-chat";
    bench.upstream.always("deepseek-chat", answer({ toolCalls: [CALL], reasoning }));
    const config = { tools: [{ functionDeclarations: [{ name: "weather" }] }] };
    const asked = { role: "user", parts: [{ text: "Weather?" }] };
    const reply = await google.models.generateContent({ model, contents: [asked], config });
    const given = reply.candidates?.[0]?.content ?? {};
    const functionResponse = { name: "weather", response: { output: "18" } };
    await google.models.generateContent({
      model,
      contents: [asked, given, { role: "user", parts: [{ functionResponse }] }],
      config,
    });
    expect(lastMessages(bench)[1]).toMatchObject({ reasoning_content: "It may rain." });
  });

  test("that never had a thought on a turn with calls is given one that says nothing", async () => {
    bench.upstream.always("deepseek-chat", answer());
    await anthropic.messages.create({
      model: "deepseek/deepseek-chat",
      max_tokens: 500,
      tools: [WEATHER],
      messages: [
        HELLO,
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "c1", name: "weather", input: {} }],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "18" }] },
      ],
    });
    expect(lastMessages(bench)[1]?.["reasoning_content"]).toBe(" ");
    expect(await lastNotices(bench)).toContain("emulated:reasoning_content");
  });

  test("is not touched where the client speaks its own dialect", async () => {
    bench.upstream.always("deepseek-chat", answer());
    const messages = [
      { role: "user", content: "Hello." },
      { role: "assistant", content: "Hi.", reasoning_content: "Greet." },
      { role: "user", content: "Again." },
    ];
    await openai.chat.completions.create({
      model: "deepseek/deepseek-chat",
      messages,
      thinking: { type: "enabled" },
    } as never);
    expect(sentBody(bench.lastRequest())).toEqual({
      model: "deepseek-chat",
      messages,
      thinking: { type: "enabled" },
    });
    expect(bench.lastRequest().target).toBe("/chat/completions");
  });
});

describe("groq", () => {
  test("splits thoughts off the text when it is asked to, and tells usage where only it does", async () => {
    bench.upstream.always(
      "qwen/qwen3-32b",
      frames(() => {
        const chunk = (delta: object, rest: object = {}) =>
          frame({
            id: "g",
            model: "qwen/qwen3-32b",
            choices: [{ index: 0, delta, finish_reason: null }],
            ...rest,
          });
        const usage = { prompt_tokens: 25, completion_tokens: 9, total_tokens: 34 };
        return [
          chunk({ role: "assistant", reasoning: "Hm. ", channel: "analysis" }),
          chunk({ content: "Yes." }),
          frame({
            id: "g",
            choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
            x_groq: { id: "req_1", usage },
          }),
          frame("[DONE]"),
        ];
      }),
    );
    const reply = await anthropic.messages
      .stream({ model: "groq/qwen/qwen3-32b", max_tokens: 500, messages: [HELLO] })
      .finalMessage();
    expect(reply.content).toMatchObject([
      { type: "thinking", thinking: "Hm. " },
      { type: "text", text: "Yes." },
    ]);
    expect(reply.usage).toMatchObject({ input_tokens: 25, output_tokens: 9 });
    expect(sentBody(bench.lastRequest())["reasoning_format"]).toBe("parsed");
    expect(bench.lastRequest().target).toBe("/openai/v1/chat/completions");
  });

  test("that breaks a stream off with an error event ends the client's stream with its error", async () => {
    bench.upstream.always(
      "openai/gpt-oss-120b",
      frames(() => [
        frame({ id: "g", choices: [{ index: 0, delta: { content: "It " } }] }),
        frame(
          {
            error: {
              message: "Tool call validation failed",
              type: "invalid_request_error",
              code: "tool_use_failed",
              status_code: 400,
            },
          },
          { name: "error" },
        ),
      ]),
    );
    const stream = anthropic.messages.stream({
      model: "groq/openai/gpt-oss-120b",
      max_tokens: 500,
      messages: [HELLO],
    });
    await expect(stream.finalMessage()).rejects.toThrow("Tool call validation failed");
  });
});

describe("openrouter", () => {
  test("gets back the state that it keeps in its details, byte for byte", async () => {
    const details = [
      {
        type: "reasoning.text",
        text: "Let me see.",
        signature: "c2lnbmVk+/=",
        format: "anthropic-claude-v1",
        index: 0,
      },
    ];
    const message = {
      role: "assistant",
      content: "42",
      reasoning: "Let me see.",
      reasoning_details: details,
    };
    bench.upstream.always(
      "anthropic/claude-sonnet-4.5",
      frames(() => [
        frame({
          id: "o",
          model: "anthropic/claude-sonnet-4.5",
          choices: [{ index: 0, delta: message, finish_reason: "stop" }],
        }),
        frame("[DONE]"),
      ]),
    );
    const model = "openrouter/anthropic/claude-sonnet-4.5";
    const first = await anthropic.messages
      .stream({ model, max_tokens: 2000, messages: [HELLO] })
      .finalMessage();
    await anthropic.messages
      .stream({
        model,
        max_tokens: 2000,
        thinking: { type: "enabled", budget_tokens: 1024 },
        messages: [
          {
            role: "user",
            content: [{ type: "text", text: "Hello.", cache_control: { type: "ephemeral" } }],
          },
          { role: "assistant", content: first.content },
          HELLO,
        ],
      })
      .finalMessage();
    const [asked, assistant] = lastMessages(bench);
    expect(assistant).toMatchObject({ reasoning_details: details });
    expect(asked?.["content"]).toEqual([
      { type: "text", text: "Hello.", cache_control: { type: "ephemeral" } },
    ]);
    expect(sentBody(bench.lastRequest())["reasoning"]).toEqual({ max_tokens: 1024 });
  });
});

describe("cohere", () => {
  const model = "cohere/command-a-03-2025";

  test("answers a client of OpenAI's, whole and streamed, with the target's own name", async () => {
    bench.upstream.always("command-a-03-2025", answer({ text: "Two words.", usage: USAGE }));
    const messages = [{ role: "user" as const, content: "Hello." }];
    const whole = await openai.chat.completions.create({ model, messages, top_p: 0.5 });
    expect(whole).toMatchObject({
      model: "command-a-03-2025",
      choices: [{ message: { content: "Two words." }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 25,
        completion_tokens: 9,
        prompt_tokens_details: { cached_tokens: 5 },
      },
    });
    expect(bench.lastRequest().target).toBe("/v2/chat");
    expect(sentBody(bench.lastRequest())).toEqual({
      model: "command-a-03-2025",
      messages,
      stream: false,
      p: 0.5,
    });
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
    const stream = openai.chat.completions.stream({ model, messages });
    const streamed = await stream.finalChatCompletion();
    expect(streamed.model).toBe("command-a-03-2025");
    expect(streamed.choices[0]?.message.content).toBe("Two words.");
  });

  test("gets tools by names that it takes, and the client gets its own back", async () => {
    const name = "mcp__maps__get-weather";
    let told = "";
    bench.upstream.always("command-a-03-2025", (request, reply) => {
      const [tool] = asArray(asObject(request.json)?.["tools"]);
      told = asString(asObject(asObject(tool)?.["function"])?.["name"]) ?? "";
      return answer({ text: "", toolCalls: [{ ...CALL, name: told }] })(request, reply);
    });
    const reply = await anthropic.messages.create({
      model,
      max_tokens: 100,
      tools: [{ ...WEATHER, name }],
      messages: [HELLO],
    });
    expect(told).toMatch(/^mcp__maps__get_?weather\w*$/);
    expect(reply.content).toMatchObject([{ type: "tool_use", name }]);
  });

  test("gets documents in words beside the messages, and refuses those that are not", async () => {
    bench.upstream.always("command-a-03-2025", answer({ text: "Paris." }));
    const ask = (source: object) =>
      anthropic.messages.create({
        model,
        max_tokens: 100,
        messages: [
          {
            role: "user",
            content: [
              { type: "document", title: "Towns", source },
              { type: "text", text: "Which?" },
            ],
          },
        ],
      } as never);
    await ask({ type: "text", media_type: "text/plain", data: "Paris is a capital." });
    expect(sentBody(bench.lastRequest())).toMatchObject({
      documents: [{ id: "document-1", data: { title: "Towns", text: "Paris is a capital." } }],
      messages: [{ role: "user", content: "Which?" }],
    });
    expect(await lastNotices(bench)).toEqual(["converted:document"]);
    const pdf = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" };
    const refusal = await ask(pdf).then(String, String);
    expect(refusal).toContain("can serve what the request needs: files");
  });

  test("plans in words before its calls, and gets the plan back as one", async () => {
    const { reply, last } = await toolLoop(model, { text: "I will look.", toolCalls: [CALL] });
    expect(reply).toMatchObject({
      model: "command-a-03-2025",
      stop_reason: "tool_use",
      content: [
        { type: "text", text: "I will look." },
        { type: "tool_use", id: "abcDEF123", name: "weather", input: { city: "Rome" } },
      ],
    });
    expect(lastMessages(bench).slice(1)).toEqual([
      {
        role: "assistant",
        tool_plan: "I will look.",
        tool_calls: [
          {
            id: "abcDEF123",
            type: "function",
            function: { name: "weather", arguments: '{"city":"Rome"}' },
          },
        ],
      },
      { role: "tool", tool_call_id: "abcDEF123", content: "18" },
    ]);
    expect(last.content).toMatchObject([{ type: "text", text: "18 degrees." }]);
    expect(last.usage).toMatchObject({ input_tokens: 20, cache_read_input_tokens: 5 });
    expect(targetOf(await bench.lastDecision())).toBe(model);
  });
});

describe("ollama", () => {
  test("is spoken to in its own API by everybody but clients of OpenAI's", async () => {
    const { reply, call, last } = await toolLoop("ollama/qwen3:8b", {
      text: "",
      toolCalls: [CALL],
      reasoning: { text: "Rome.", signature: "" },
    });
    expect(reply).toMatchObject({ model: "qwen3:8b", stop_reason: "tool_use" });
    expect(call).toMatchObject({ name: "weather", input: { city: "Rome" } });
    expect(bench.lastRequest().target).toBe("/api/chat");
    expect(lastMessages(bench).slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        thinking: "Rome.",
        tool_calls: [
          { id: call?.id, function: { index: 0, name: "weather", arguments: { city: "Rome" } } },
        ],
      },
      { role: "tool", content: "18", tool_name: "weather", tool_call_id: call?.id },
    ] as never);
    expect(sentBody(bench.lastRequest())).toMatchObject({
      stream: true,
      options: { num_predict: 2000 },
    });
    expect(last.content).toMatchObject([{ type: "text", text: "18 degrees." }]);
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
    bench.upstream.always("llama3.2", answer({ text: "Hi." }));
    await openai.chat.completions.create({
      model: "ollama/llama3.2",
      messages: [{ role: "user", content: "Hello." }],
    });
    expect(bench.lastRequest().target).toBe("/v1/chat/completions");
  });

  test("takes options of the model and the time to stay loaded from any body", async () => {
    bench.upstream.always("llama3.2", answer({ text: "Hi." }));
    await anthropic.messages.create({
      model: "ollama/llama3.2",
      max_tokens: 100,
      messages: [HELLO],
      options: { num_ctx: 16_384 },
      keep_alive: "1h",
    } as never);
    expect(sentBody(bench.lastRequest())).toMatchObject({
      options: { num_ctx: 16_384, num_predict: 100 },
      keep_alive: "1h",
    });
    expect(await lastNotices(bench)).toEqual([]);
  });
});
