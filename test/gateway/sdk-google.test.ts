// Google's own client against the gateway by base URL alone, over an upstream of each dialect: what the
// client gets, what the upstream was asked, what was recorded.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  ApiError,
  type Content,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from "@google/genai";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import {
  ANY_MODEL,
  answer,
  closedGate,
  failure,
  vectorOfText,
  vectors,
} from "#support/upstream/upstream.ts";
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
  assistant: { targets: [gem/gemini-2.5-flash], attempts: 1 }
${failingModels([400, 401, 403, 404, 429, 500, 503])}
`;
const USAGE = { inputTokens: 20, cacheReadTokens: 5, outputTokens: 9, reasoningTokens: 3 };
const USAGE_ROW = { input_tokens: 20, cache_read_tokens: 5, output_tokens: 9, reasoning_tokens: 3 };
const CALLS = [
  { id: "call_a", name: "weather", arguments: { city: "Rome" } },
  { id: "call_b", name: "weather", arguments: { city: "Oslo" } },
];
const WEATHER: FunctionDeclaration = {
  name: "weather",
  parametersJsonSchema: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  },
};
const HELLO: Content = { role: "user", parts: [{ text: "Hello." }] };
const RESULTS: Content = {
  role: "user",
  parts: [
    { functionResponse: { id: "call_a", name: "weather", response: { output: "18 degrees" } } },
    { functionResponse: { id: "call_b", name: "weather", response: { output: "4 degrees" } } },
  ],
};
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";

let bench: VendorBench;
let google: GoogleGenAI;
beforeAll(async () => {
  bench = await startVendorBench(MODELS);
  google = clientAt("");
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function clientAt(path: string, apiKey = CALLER_KEY): GoogleGenAI {
  return new GoogleGenAI({
    apiKey,
    httpOptions: { baseUrl: `${bench.gateway.baseUrl}${path}`, retryOptions: { attempts: 1 } },
  });
}

describe.each(VENDORS)("over $dialect", (vendor: Vendor) => {
  const model = direct(vendor);
  const ask = (config: GenerateContentConfig = {}, contents: Content[] = [HELLO]) =>
    google.models.generateContent({ model, contents, config });
  const stream = (config: GenerateContentConfig = {}, contents: Content[] = [HELLO]) =>
    collected(google.models.generateContentStream({ model, contents, config }));

  test("a whole answer comes with its usage", async () => {
    bench.upstream.always(vendor.model, answer({ text: "Two words.", usage: USAGE }));
    const reply = await ask({ systemInstruction: "Be brief.", maxOutputTokens: 50 });
    expect(reply.text).toBe("Two words.");
    expect(reply.modelVersion).toBe(vendor.model);
    expect(reply.candidates?.[0]?.finishReason as string).toBe("STOP");
    expect(reply.usageMetadata).toMatchObject({
      promptTokenCount: 25,
      cachedContentTokenCount: 5,
      candidatesTokenCount: 6,
      thoughtsTokenCount: 3,
      totalTokenCount: 34,
    });
    expect(askedOf(bench.lastRequest())).toMatchObject({
      model: vendor.model,
      system: ["text Be brief."],
      turns: [{ role: "user", parts: ["text Hello."] }],
      maxTokens: 50,
    });
    const decision = await bench.lastDecision();
    expect(usageOf(decision)).toEqual(USAGE_ROW);
    expect(targetOf(decision)).toBe(model);
    expect(decision["cost_usd"]).toBe("0.0000565");
  });

  test("a stream comes word by word with its usage", async () => {
    bench.upstream.always(vendor.model, answer({ text: "One two three.", usage: USAGE }));
    const { chunks, parts } = await stream();
    expect(parts.map(({ text }) => text).filter(Boolean)).toEqual(["One", " two", " three."]);
    expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).filter(Boolean)).toEqual([
      "STOP" as never,
    ]);
    expect(chunks.at(-1)?.usageMetadata).toMatchObject({
      promptTokenCount: 25,
      candidatesTokenCount: 6,
      thoughtsTokenCount: 3,
    });
    expect(usageOf(await bench.lastDecision())).toEqual(USAGE_ROW);
  });

  test("parallel tool calls, whole and streamed, and their results go round", async () => {
    bench.upstream.always(vendor.model, answer({ text: "Looking.", toolCalls: CALLS }));
    const config = { tools: [{ functionDeclarations: [WEATHER] }] };
    const fromStream = (await stream(config)).parts;
    const fromWhole = partsOf(await ask(config));
    expect(askedOf(bench.lastRequest()).tools).toEqual(["weather"]);
    for (const parts of [fromWhole, fromStream]) {
      expect(parts.flatMap(({ functionCall }) => functionCall ?? [])).toEqual([
        { id: "call_a", name: "weather", args: { city: "Rome" } },
        { id: "call_b", name: "weather", args: { city: "Oslo" } },
      ]);
      await ask(config, [HELLO, { role: "model", parts }, RESULTS]);
      const { turns } = askedOf(bench.lastRequest());
      expect(turns.map(withoutPlaceholders)).toEqual(SECOND_TURNS[vendor.dialect]);
    }
  });

  test("an image goes as bytes", async () => {
    const inlineData = { mimeType: "image/png", data: "iVBORw0KGgo=" };
    await ask({}, [{ role: "user", parts: [{ text: "What is it?" }, { inlineData }] }]);
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
    const reply = await ask({
      responseMimeType: "application/json",
      responseJsonSchema: schema,
    });
    expect(JSON.parse(reply.text ?? "")).toEqual({ city: "Rome" });
    expect(askedOf(bench.lastRequest()).schema).toMatchObject({
      type: "object",
      required: ["city"],
    });
  });

  test.each([
    ["natural", ["STOP"]],
    ["limit", ["MAX_TOKENS"]],
    ["filter", ["SAFETY"]],
  ] as const)("the %s stop is called %p", async (stop, expected) => {
    bench.upstream.always(vendor.model, answer({ text: "Some text.", stop }));
    const whole = await ask();
    expect(whole.candidates?.map(({ finishReason }) => finishReason as string)).toEqual([
      ...expected,
    ]);
    const { chunks } = await stream();
    const reasons = chunks.flatMap(({ candidates }) => candidates?.[0]?.finishReason ?? []);
    expect(reasons as string[]).toEqual([...expected]);
  });

  test("thoughts come back to their vendor with the signature unchanged and in its place", async () => {
    const reasoning = { text: "Let me see.", signature: SIGNATURE };
    bench.upstream.always(vendor.model, answer({ reasoning, text: "Looking.", toolCalls: CALLS }));
    const config = {
      tools: [{ functionDeclarations: [WEATHER] }],
      thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 },
    };
    const fromStream = (await stream(config)).parts;
    const fromWhole = partsOf(await ask(config));
    for (const parts of [fromWhole, fromStream]) {
      expect(thoughtOf(parts)).toBe("Let me see.");
      await ask(config, [HELLO, { role: "model", parts }, RESULTS]);
      const lines = askedOf(bench.lastRequest()).turns[1]?.parts ?? [];
      expect(lines.filter((line) => line.includes(SIGNATURE))).toEqual(SIGNED[vendor.dialect]);
      expect(lines.filter((line) => line.startsWith("call"))).toHaveLength(2);
    }
  });

  test.each([
    [400, 400, "upstream_rejected"],
    [401, 502, "upstream_misconfigured"],
    [403, 502, "upstream_misconfigured"],
    [404, 502, "upstream_misconfigured"],
    [429, 429, "upstream_rate_limited"],
    [500, 502, "upstream_failed"],
    [503, 503, "upstream_overloaded"],
  ] as const)("status %i becomes an ApiError with %i", async (status, seen, code) => {
    bench.upstream.always(`failing-${status}`, failure(status, [], "The vendor says no."));
    const request = { model: `failing-${vendor.provider}-${status}`, contents: "Hello." };
    const calls = [
      () => google.models.generateContent(request),
      () => collected(google.models.generateContentStream(request)),
    ];
    for (const call of calls) {
      const error = await rejection(call());
      expect(error.status).toBe(seen);
      expect(error.message).toContain("The vendor says no.");
      expect(await bench.lastDecision()).toMatchObject({ code });
    }
  });

  test("tokens are counted by the vendor, in its own words", async () => {
    const counted = await google.models.countTokens({ model, contents: "word ".repeat(40) });
    const decision = await bench.lastDecision();
    if (vendor.dialect === "gemini-generate") {
      expect(counted.totalTokens).toBe(11);
      expect(decision["notices"]).toEqual([]);
      expect(bench.lastRequest().target).toEndWith("/gemini-2.5-flash:countTokens");
    } else if (vendor.dialect === "anthropic-messages") {
      // Anthropic counts too: it is asked, in its own words and with nothing that its counter refuses.
      expect(counted.totalTokens).toBe(11);
      expect(decision["notices"]).toEqual([]);
      expect(bench.lastRequest().target).toBe("/v1/messages/count_tokens");
      expect(sentBody(bench.lastRequest())).toEqual({
        model: vendor.model,
        messages: [{ role: "user", content: [{ type: "text", text: "word ".repeat(40) }] }],
      });
    } else {
      expect(counted.totalTokens).toBe(11);
      expect(decision["notices"]).toEqual([]);
      expect(bench.lastRequest().target).toBe("/v1/responses/input_tokens");
      expect(sentBody(bench.lastRequest())).toMatchObject({ model: vendor.model });
    }
    expect(usageOf(decision)).toEqual({});
  });

  test("a client that leaves ends the upstream's work, and that is recorded", async () => {
    const gate = closedGate();
    bench.upstream.always(
      vendor.model,
      answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }),
    );
    const abort = new AbortController();
    const chunks = await google.models.generateContentStream({
      model,
      contents: "Hello.",
      config: { abortSignal: abort.signal },
    });
    let id = "";
    await (async () => {
      for await (const chunk of chunks) {
        id = chunk.sdkHttpResponse?.headers?.["x-sluice-decision"] ?? "";
        if (chunk.text) abort.abort();
      }
    })().catch(() => undefined);
    expect(await bench.lastRequest().closed).toBe("client");
    await bench.gateway.printed(new RegExp(`"decision":"${id}"`));
    expect(await bench.gateway.decision(id)).toMatchObject({ outcome: "client_cancelled" });
    gate.open();
  });
});

describe("around the calls", () => {
  test.each(["", "/gemini"])("works with base URL path '%s' in both API versions", async (path) => {
    for (const apiVersion of ["v1", "v1beta"]) {
      const reply = await clientAt(path).models.generateContent({
        model: "assistant",
        contents: "Hello.",
        config: { httpOptions: { apiVersion } },
      });
      expect(reply.text).toBe("The scripted upstream says hello.");
      expect(bench.lastRequest().header("x-goog-api-key")).toBe(PROVIDER_KEY);
      expect(bench.lastRequest().target).not.toContain("key=");
    }
  });

  test("a chat keeps its history", async () => {
    const chat = google.chats.create({ model: "assistant" });
    await chat.sendMessage({ message: "First." });
    await chat.sendMessage({ message: "Second." });
    expect(askedOf(bench.lastRequest()).turns).toEqual([
      { role: "user", parts: ["text First."] },
      { role: "model", parts: ["text The scripted upstream says hello."] },
      { role: "user", parts: ["text Second."] },
    ]);
  });

  test("lists models and shows one in Google's form, in both API versions", async () => {
    for (const apiVersion of ["v1", "v1beta"]) {
      for (const path of ["", "/gemini"]) {
        const { models } = clientAt(path);
        const config = { httpOptions: { apiVersion } };
        const names: string[] = [];
        for await (const model of await models.list({ config })) names.push(model.name ?? "");
        expect(names).toContain("models/assistant");
        const one = await models.get({ model: "assistant", config });
        expect(one.name).toBe("models/assistant");
        const error = await rejection(models.get({ model: "no-such-model", config }));
        expect(error.status).toBe(404);
        expect(errorBody(error)["status"]).toBe("NOT_FOUND");
      }
    }
  });

  test("says what is wrong in Google's error form", async () => {
    const go = (client: GoogleGenAI, model: string) =>
      rejection(client.models.generateContent({ model, contents: "Hello." }));
    const wrongKey = await go(clientAt("", "not-a-key-of-this-gateway"), "assistant");
    expect(wrongKey.status).toBe(401);
    expect(errorBody(wrongKey)).toMatchObject({
      code: 401,
      status: "UNAUTHENTICATED",
      details: [{ reason: "invalid_key", domain: "sluice" }],
    });
    const unknown = await go(google, "asistant");
    expect(unknown.status).toBe(404);
    expect(errorBody(unknown)).toMatchObject({
      status: "NOT_FOUND",
      details: [{ reason: "unknown_model" }],
    });
    expect(unknown.message).toContain("assistant");
  });

  test("embeddings come from Google and from others", async () => {
    bench.upstream.always(ANY_MODEL, vectors());
    const config = { taskType: "RETRIEVAL_DOCUMENT", outputDimensionality: 3 };
    for (const model of ["gem/gemini-embedding-001", "oai/text-embedding-3-small"]) {
      const contents = ["One text.", "Another."];
      const reply = await google.models.embedContent({ model, contents, config });
      const values = reply.embeddings?.map((embedding) => embedding.values);
      expect(values).toEqual(contents.map((text) => vectorOfText(text, 3)));
      const decision = await bench.lastDecision();
      expect(usageOf(decision)).toEqual({ input_tokens: 3 });
      expect(decision["notices"]).toEqual(model.startsWith("gem/") ? [] : ["dropped:input_type"]);
    }
  });

  test("an error about embeddings comes in Google's form, with the place of the input", async () => {
    const error = await rejection(
      google.models.embedContent({
        model: "oai/text-embedding-3-small",
        contents: [{ parts: [{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }] }],
      }),
    );
    expect(error.status).toBe(400);
    expect(errorBody(error)).toMatchObject({
      details: [{ reason: "unsupported_feature", metadata: { param: "requests[0].content" } }],
    });
  });

  test("a stream without alt=sse is one JSON array", async () => {
    bench.upstream.always("gemini-2.5-flash", answer({ text: "One two three." }));
    for (const name of ["assistant", "ant/claude-sonnet-4-5"]) {
      bench.upstream.always("claude-sonnet-4-5", answer({ text: "One two three." }));
      const url = `${bench.gateway.baseUrl}/v1beta/models/${name}:streamGenerateContent`;
      const reply = await fetch(url, {
        method: "POST",
        headers: { "x-goog-api-key": CALLER_KEY, "content-type": "application/json" },
        body: JSON.stringify({ contents: [HELLO] }),
      });
      expect(reply.headers.get("content-type")).toStartWith("application/json");
      const chunks = asArray(await reply.json()) as unknown as GenerateContentResponse[];
      const text = chunks.flatMap(partsOf).map((part) => part.text ?? "");
      expect(text.join("")).toBe("One two three.");
    }
  });
});

async function collected(
  starting: Promise<AsyncGenerator<GenerateContentResponse>>,
): Promise<{ chunks: GenerateContentResponse[]; parts: Part[] }> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of await starting) chunks.push(chunk);
  return { chunks, parts: chunks.flatMap(partsOf) };
}

function partsOf(reply: GenerateContentResponse): Part[] {
  return reply.candidates?.[0]?.content?.parts ?? [];
}

function thoughtOf(parts: readonly Part[]): string {
  return parts.map(({ thought, text }) => (thought ? (text ?? "") : "")).join("");
}

/** The signature that Google documents for calls of other models, and text that came in pieces. */
function withoutPlaceholders({ role, parts }: AskedTurn): AskedTurn {
  const plain = parts.map((line) =>
    line.replace(/ #c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=$/, ""),
  );
  return { role, parts: plain.filter((line) => line !== "text ") };
}

function errorBody(error: ApiError): JsonObject {
  return asObject(asObject(JSON.parse(error.message))?.["error"]) ?? {};
}

async function rejection(promise: PromiseLike<unknown>): Promise<ApiError> {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiError) return error;
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
      parts: ['result call_a {"output":"18 degrees"}', 'result call_b {"output":"4 degrees"}'],
    },
  ],
};

const SIGNED: Record<Vendor["dialect"], string[]> = {
  // This upstream has no signatures.
  "openai-chat": [],
  "anthropic-messages": [`reasoning Let me see. #${SIGNATURE}`],
  "gemini-generate": [`call call_a weather {"city":"Rome"} #${SIGNATURE}`],
};
