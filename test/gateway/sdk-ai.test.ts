// The Vercel AI SDK and LangChain against the gateway, each by the languages that they speak, over
// upstreams of every language: a tool loop of two turns, whole and streamed.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, jsonSchema, type LanguageModel, stepCountIs, streamText, tool } from "ai";
import { answer } from "#support/upstream/upstream.ts";
import { CALLER_KEY, PROVIDER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const TARGETS = [
  ["openai-responses", "oai/gpt-5-mini"],
  ["openai-chat", "house/some-model"],
  ["anthropic-messages", "ant/claude-sonnet-4-5"],
  ["gemini-generate", "gem/gemini-2.5-flash"],
] as const;
const WAYS = ["responses", "chat", "anthropic", "google"] as const;
const PAIRS = WAYS.flatMap((way) =>
  TARGETS.map(([dialect, model]) => [way, dialect, model] as const),
);
const USAGE = { inputTokens: 20, cacheReadTokens: 5, outputTokens: 9, reasoningTokens: 3 };
const CITY = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
} as const;

let bench: VendorBench;
beforeAll(async () => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
  bench = await startVendorBench(documentFor);
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

function modelOf(way: (typeof WAYS)[number], model: string): LanguageModel {
  const { baseUrl } = bench.gateway;
  const apiKey = CALLER_KEY;
  switch (way) {
    case "responses":
      return createOpenAI({ apiKey, baseURL: `${baseUrl}/v1` })(model);
    case "chat":
      return createOpenAI({ apiKey, baseURL: `${baseUrl}/v1` }).chat(model);
    case "anthropic":
      return createAnthropic({ apiKey, baseURL: `${baseUrl}/v1` })(model);
    case "google":
      return createGoogleGenerativeAI({ apiKey, baseURL: `${baseUrl}/v1beta` })(model);
  }
}

/** Calls the tool once, then answers. */
function scriptLoop(model: string): void {
  const served = model.slice(model.indexOf("/") + 1);
  const toolCalls = [{ id: "call_a", name: "weather", arguments: { city: "Rome" } }];
  bench.upstream.script(
    served,
    answer({ text: "Let me look.", toolCalls, usage: USAGE }),
    answer({ text: "It is 18 degrees.", usage: USAGE }),
  );
}

describe.each(PAIRS)("the AI SDK by %s over %s", (way, dialect, model) => {
  test.each([false, true])("goes round with a tool (streamed: %p)", async (stream) => {
    scriptLoop(model);
    const asked: unknown[] = [];
    const weather = tool({
      description: "Weather of a city.",
      inputSchema: jsonSchema<{ city: string }>({ ...CITY, additionalProperties: false }),
      execute: (input) => {
        asked.push(input);
        return "18 degrees";
      },
    });
    const options = {
      model: modelOf(way, model),
      system: "Be brief.",
      prompt: "Weather in Rome?",
      tools: { weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
      // Nothing is stored, so nothing may be referred to.
      providerOptions: { openai: { store: false } },
    };
    const done = stream ? streamText(options) : await generateText(options);
    expect(await done.text).toBe("It is 18 degrees.");
    expect(asked).toEqual([{ city: "Rome" }]);
    const [first, second] = await done.steps;
    expect([first?.text, first?.finishReason]).toEqual(["Let me look.", "tool-calls"]);
    expect([second?.finishReason, (await done.steps).length]).toEqual(["stop", 2]);
    expect(second?.usage).toMatchObject({ inputTokens: 25, outputTokens: 9 });
    expect(bench.lastRequest().endpoint.dialect as string).toBe(expectedDialect(way, dialect));
    const sent = JSON.stringify(bench.lastRequest().json);
    expect(sent).toContain("18 degrees");
    expect(sent).toContain("Be brief.");
  });
});

test("the AI SDK by its defaults refers to items that OpenAI stores, which only OpenAI can answer", async () => {
  const weather = tool({
    inputSchema: jsonSchema<{ city: string }>(CITY),
    execute: () => "18 degrees",
  });
  const options = { prompt: "Weather in Rome?", tools: { weather }, maxRetries: 0 };
  const [[, own], , [, foreign]] = TARGETS;
  scriptLoop(own);
  const done = await generateText({
    ...options,
    model: modelOf("responses", own),
    stopWhen: stepCountIs(3),
  });
  expect(done.text).toBe("It is 18 degrees.");
  expect(JSON.stringify(bench.lastRequest().json)).toContain("item_reference");
  scriptLoop(foreign);
  const refused = generateText({
    ...options,
    model: modelOf("responses", foreign),
    stopWhen: stepCountIs(3),
  });
  await expect(refused).rejects.toThrow('when "store" is false');
});

/** An OpenAI provider speaks two languages, and its callers their own. */
function expectedDialect(way: (typeof WAYS)[number], dialect: string): string {
  return dialect === "openai-responses" && way !== "responses" ? "openai-chat" : dialect;
}

const LANGCHAIN = (["responses", "chat", "anthropic"] as const).flatMap((way) =>
  TARGETS.map(([dialect, model]) => [way, dialect, model] as const),
);

describe.each(LANGCHAIN)("LangChain by %s over %s", (way, _, model) => {
  test.each([false, true])("goes round with a tool (streamed: %p)", async (stream) => {
    scriptLoop(model);
    const asking = chain(way, model);
    const question = new HumanMessage("Weather in Rome?");
    const first = await said(asking, [question], stream);
    expect(first.tool_calls).toMatchObject([{ name: "weather", args: { city: "Rome" } }]);
    const [called] = first.tool_calls ?? [];
    const result = new ToolMessage({ content: "18 degrees", tool_call_id: called?.id ?? "" });
    const second = await said(asking, [question, first, result], stream);
    expect(second.text).toBe("It is 18 degrees.");
    // It takes the input of Anthropic's streams from their first event, when other upstreams know of none.
    if (way !== "anthropic" || !stream) {
      expect(second.usage_metadata).toMatchObject({ input_tokens: 25, output_tokens: 9 });
    }
    expect(JSON.stringify(bench.lastRequest().json)).toContain("18 degrees");
  });
});

function chain(way: "responses" | "chat" | "anthropic", model: string) {
  const tools = [
    {
      type: "function" as const,
      function: { name: "weather", description: "W.", parameters: CITY },
    },
  ];
  if (way === "anthropic") {
    const anthropicApiUrl = bench.gateway.baseUrl;
    return new ChatAnthropic({
      model,
      apiKey: CALLER_KEY,
      anthropicApiUrl,
      maxRetries: 0,
    }).bindTools(tools);
  }
  const configuration = { baseURL: `${bench.gateway.baseUrl}/v1` };
  const isResponses = way === "responses";
  return new ChatOpenAI({
    model,
    apiKey: CALLER_KEY,
    configuration,
    maxRetries: 0,
    useResponsesApi: isResponses,
    ...(isResponses && { zdrEnabled: true }),
  }).bindTools(tools);
}

type Chain = ReturnType<typeof chain>;

async function said(asking: Chain, messages: Parameters<Chain["invoke"]>[0], stream: boolean) {
  if (!stream) return asking.invoke(messages);
  let whole: Awaited<ReturnType<Chain["invoke"]>> | undefined;
  for await (const piece of await asking.stream(messages)) {
    whole = whole === undefined ? piece : whole.concat(piece);
  }
  if (whole === undefined) throw new Error("Nothing was streamed.");
  return whole;
}
