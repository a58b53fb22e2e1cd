// What works without any account: demo mode with its key, the first key of a gateway that has none, and
// the demo models through the three official clients.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { rawCall } from "#support/upstream/raw-client.ts";

const DEMO_KEY = "sk-sluice-demo";

function ask(
  baseUrl: string,
  headers: Record<string, string>,
  body: JsonObject,
): Promise<Response> {
  return fetch(`${baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

const hello = (model: string): JsonObject => ({
  model,
  messages: [{ role: "user", content: "Hello, Sluice!" }],
});

describe("demo mode", () => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    gateway = await startGateway({ config: undefined, args: ["--listen", "0.0.0.0:0"] });
  });
  afterAll(() => gateway.stop());

  const local = (): string => gateway.baseUrl.replace("0.0.0.0", "127.0.0.1");

  test("prints a key and a line to try, and the line works as it is printed", async () => {
    expect(gateway.stdout).toContain(DEMO_KEY);
    const line = gateway.stdout.split("\n").find((each) => each.trim().startsWith("curl ")) ?? "";
    const [, url = "", key = "", body = ""] =
      /curl -N (\S+) -H "authorization: Bearer ([^"]+)" .* -d '(.*)'$/.exec(line) ?? [];
    const reply = await fetch(url.replace("0.0.0.0", "127.0.0.1"), {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body,
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toStartWith("text/event-stream");
    const text = await reply.text();
    expect(text).toContain("Hello,");
    expect(text).toEndWith("data: [DONE]\n\n");
  });

  test.each<[string, Record<string, string>]>([
    ["as a bearer token", { authorization: `Bearer ${DEMO_KEY}` }],
    ["as x-api-key", { "x-api-key": DEMO_KEY }],
    ["as x-goog-api-key", { "x-goog-api-key": DEMO_KEY }],
  ])("takes the demo key %s", async (_, headers) => {
    expect((await ask(local(), headers, hello("assistant"))).status).toBe(200);
  });

  test.each([
    ["x-forwarded-for", "127.0.0.1"],
    ["x-forwarded-host", "localhost"],
    ["x-forwarded-proto", "http"],
    ["forwarded", "for=127.0.0.1"],
    ["x-forwarded-port", "80"],
    ["x-forwarded-anything-new", ""],
  ])("does not take the demo key behind a proxy: %s", async (name, value) => {
    const headers = { "x-api-key": DEMO_KEY, [name]: value };
    const reply = await ask(local(), headers, hello("assistant"));
    expect(reply.status).toBe(401);
    expect(reply.headers.get("x-sluice-error")).toBe("invalid_key");
  });

  test.each([
    ["localhost", 200],
    ["localhost:8080", 200],
    ["127.0.0.1", 200],
    ["127.1.2.3", 200],
    ["[::1]:80", 200],
    ["attacker.example", 401],
    ["localhost.attacker.example", 401],
    ["127.0.0.1.attacker.example", 401],
    ["attacker.example:80#localhost", 401],
    ["localhost@attacker.example", 401],
    ["", 401],
  ])("a page that was brought here under the name '%s' gets %i", async (host, status) => {
    const { text } = await rawCall(
      local(),
      [
        "GET /v1/models HTTP/1.1",
        `Host: ${host}`,
        `x-api-key: ${DEMO_KEY}`,
        "Connection: close",
        "",
        "",
      ].join("\r\n"),
    );
    expect(text).toStartWith(`HTTP/1.1 ${status} `);
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

  test.skipIf(outside === undefined)(
    "does not take the demo key from another machine",
    async () => {
      const url = gateway.baseUrl.replace("0.0.0.0", outside ?? "");
      const reply = await fetch(`${url}/v1/models`, {
        headers: { "x-api-key": DEMO_KEY, host: "localhost" },
      });
      expect(reply.status).toBe(401);
    },
  );

  test("serves the virtual models of the demo, with their fallbacks", async () => {
    const headers = { "x-api-key": DEMO_KEY };
    const page = await fetch(`${local()}/v1/models`, { headers });
    const ids = asArray(asObject(await page.json())?.["data"]).map(
      (each) => asObject(each)?.["id"],
    );
    for (const name of ["assistant", "spread", "impatient", "relief", "demo/echo", "demo/embed"]) {
      expect(ids).toContain(name);
    }
    const relieved = await ask(local(), headers, hello("relief"));
    expect(relieved.headers.get("x-sluice-target")).toBe("demo/echo");
    expect(relieved.headers.get("x-sluice-attempts")).toBe("2");
    const impatient = await ask(local(), headers, { ...hello("impatient"), stream: true });
    expect(impatient.headers.get("x-sluice-target")).toBe("demo/echo");
    await impatient.arrayBuffer();
  });

  test("meters what it answers", async () => {
    const admin = await fetch(`${local()}/admin/v1/usage?group_by=tenant,key`, {
      headers: { authorization: `Bearer ${gateway.adminKey}` },
    });
    const [row] = asArray(asObject(await admin.json())?.["data"]).map(
      (each) => asObject(each) ?? {},
    );
    expect(row).toMatchObject({ tenant: "default", key: "demo" });
    expect(Number(row?.["output_tokens"])).toBeGreaterThan(0);
    expect(Number(row?.["cost_usd"])).toBeGreaterThan(0);
  });
});

describe("a gateway without any key", () => {
  test("makes one for the tenant default, prints it once, and keeps it", async () => {
    const gateway = await startGateway({ config: "providers:\n  demo: { kind: demo }\n" });
    try {
      const keys = gateway.stdout.match(/sk-sluice-\w{20,}/g) ?? [];
      const [key = ""] = keys;
      expect(new Set(keys).size).toBe(1);
      const headers = { "x-api-key": key };
      expect((await ask(gateway.baseUrl, headers, hello("demo/echo"))).status).toBe(200);
      expect(await gateway.usageRows("tenant")).toMatchObject([{ tenant: "default", requests: 1 }]);
      const demo = await ask(gateway.baseUrl, { "x-api-key": DEMO_KEY }, hello("demo/echo"));
      expect(demo.status).toBe(401);
      const printed = gateway.stdout.length;
      await gateway.restart();
      expect(gateway.stdout.slice(printed)).not.toContain("sk-sluice-");
      expect((await ask(gateway.baseUrl, headers, hello("demo/echo"))).status).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});

describe("the demo models", () => {
  const KEY = "demo-models-key-3d9f5b7a1c0e8246";
  let gateway: GatewayProcess;
  let openai: OpenAI;
  let anthropic: Anthropic;
  let google: GoogleGenAI;

  beforeAll(async () => {
    gateway = await startGateway({
      config: `
providers:
  demo: { kind: demo }
models:
  flaky: { targets: [demo/flaky], attempts: 1 }
  limited: { targets: [demo/rate-limited], attempts: 1 }
  broken: { targets: [demo/broken-stream], attempts: 1 }
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${KEY} }
`,
    });
    const { baseUrl } = gateway;
    openai = new OpenAI({ apiKey: KEY, baseURL: `${baseUrl}/v1`, maxRetries: 0 });
    anthropic = new Anthropic({ apiKey: KEY, baseURL: baseUrl, maxRetries: 0 });
    const httpOptions = { baseUrl, retryOptions: { attempts: 1 } };
    google = new GoogleGenAI({ apiKey: KEY, httpOptions });
  });
  afterAll(() => gateway.stop());

  const SCHEMA = {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer" } },
    required: ["city", "days"],
    additionalProperties: false,
  };

  /** The text that each client gets, whole and streamed. */
  const CLIENTS: readonly [string, (model: string, text: string) => Promise<string[]>][] = [
    [
      "openai",
      async (model, content) => {
        const request = { model, messages: [{ role: "user" as const, content }] };
        const whole = await openai.chat.completions.create(request);
        let streamed = "";
        for await (const chunk of await openai.chat.completions.create({
          ...request,
          stream: true,
        }))
          streamed += chunk.choices[0]?.delta.content ?? "";
        return [whole.choices[0]?.message.content ?? "", streamed];
      },
    ],
    [
      "anthropic",
      async (model, content) => {
        const messages = [{ role: "user" as const, content }];
        const request = { model, max_tokens: 500, messages };
        const whole = await anthropic.messages.create(request);
        const text = whole.content
          .map((block) => (block.type === "text" ? block.text : ""))
          .join("");
        return [text, await anthropic.messages.stream(request).finalText()];
      },
    ],
    [
      "google",
      async (model, contents) => {
        const whole = await google.models.generateContent({ model, contents });
        let streamed = "";
        for await (const chunk of await google.models.generateContentStream({ model, contents }))
          streamed += chunk.text ?? "";
        return [whole.text ?? "", streamed];
      },
    ],
  ];

  describe.each(CLIENTS)("through the %s client", (_, textsOf) => {
    test("echo answers the last user message", async () => {
      const text = "Ein Gruß – 你好 👋!";
      expect(await textsOf("demo/echo", text)).toEqual([text, text]);
    });

    test("json answers with JSON", async () => {
      for (const text of await textsOf("demo/json", "anything")) {
        expect(asObject(JSON.parse(text))).toBeDefined();
      }
    });

    test("flaky fails every third call", async () => {
      // Two calls each; what fails is counted by the record, not by the client.
      const calls = [1, 2, 3].map(() => textsOf("flaky", "Again.").catch(() => []));
      await Promise.all(calls);
      const page = await gateway.admin("/decisions?model=flaky&limit=1000");
      const rows = asArray(asObject(await page.json())?.["data"]).map(
        (each) => asObject(each) ?? {},
      );
      const failed = rows.filter(({ code }) => code === "upstream_overloaded");
      expect(failed.length).toBe(Math.floor(rows.length / 3));
    });

    test("rate-limited refuses with 429", async () => {
      const error = await textsOf("limited", "Hello.").catch((thrown: unknown) => thrown);
      expect(asObject(error)?.["status"]).toBe(429);
    });

    test("an embedding model cannot chat", async () => {
      const error = await textsOf("demo/embed", "Hello.").catch((thrown: unknown) => thrown);
      expect(asObject(error)?.["status"]).toBe(400);
    });
  });

  test("slow answers all the same", async () => {
    const content = "Patience.";
    const messages = [{ role: "user" as const, content }];
    const whole = openai.chat.completions.create({ model: "demo/slow", messages });
    const stream = anthropic.messages.stream({ model: "demo/slow", max_tokens: 50, messages });
    const [reply, streamed] = await Promise.all([whole, stream.finalText()]);
    expect(reply.choices[0]?.message.content).toBe(content);
    expect(streamed).toBe(content);
  });

  test("rate-limited tells when to come back", async () => {
    // The credential rests from here on, so that this says it again without asking.
    const reply = await ask(gateway.baseUrl, { "x-api-key": KEY }, hello("limited"));
    expect(reply.status).toBe(429);
    const seconds = Number(reply.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(20);
  });

  test("tools calls the first tool offered, and takes its result: openai", async () => {
    const tool = { type: "function" as const, function: { name: "plan_trip", parameters: SCHEMA } };
    const question = { role: "user" as const, content: "Rome" };
    const request = { model: "demo/tools", tools: [tool], messages: [question] };
    const first = await openai.chat.completions.create(request);
    const message = first.choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    if (message === undefined || call?.type !== "function") throw new Error("There was no call.");
    expect(call.function.name).toBe("plan_trip");
    expect(JSON.parse(call.function.arguments)).toEqual({
      city: expect.any(String),
      days: expect.any(Number),
    });
    const second = await openai.chat.completions.create({
      ...request,
      messages: [question, message, { role: "tool", tool_call_id: call.id, content: "Done." }],
    });
    expect(second.choices[0]?.message.content).toContain("Done.");
  });

  test("tools calls the first tool offered, and takes its result: anthropic", async () => {
    const tool: Anthropic.Tool = { name: "plan_trip", input_schema: { ...SCHEMA, type: "object" } };
    const request = { model: "demo/tools", max_tokens: 500, tools: [tool] };
    const question: Anthropic.MessageParam = { role: "user", content: "Rome" };
    const stream = anthropic.messages.stream({ ...request, messages: [question] });
    const first = await stream.finalMessage();
    expect(first.stop_reason).toBe("tool_use");
    const call = first.content.find((block) => block.type === "tool_use");
    expect(call).toMatchObject({ name: "plan_trip", input: { city: expect.any(String) } });
    const result = { type: "tool_result" as const, tool_use_id: call?.id ?? "", content: "Done." };
    const second = await anthropic.messages.create({
      ...request,
      messages: [
        question,
        { role: "assistant", content: first.content },
        { role: "user", content: [result] },
      ],
    });
    expect(second.content).toMatchObject([{ type: "text" }]);
    expect(JSON.stringify(second.content)).toContain("Done.");
  });

  test("tools calls the first tool offered, and takes its result: google", async () => {
    const config = {
      tools: [{ functionDeclarations: [{ name: "plan_trip", parametersJsonSchema: SCHEMA }] }],
    };
    const question = { role: "user", parts: [{ text: "Rome" }] };
    const request = { model: "demo/tools", config };
    const first = await google.models.generateContent({ ...request, contents: [question] });
    const [call] = first.functionCalls ?? [];
    expect(call).toMatchObject({ name: "plan_trip", args: { city: expect.any(String) } });
    const turn = first.candidates?.[0]?.content ?? {};
    const functionResponse = { name: "plan_trip", response: { output: "Done." } };
    const answered =
      call?.id === undefined ? functionResponse : { ...functionResponse, id: call.id };
    const result = { role: "user", parts: [{ functionResponse: answered }] };
    const second = await google.models.generateContent({
      ...request,
      contents: [question, turn, result],
    });
    expect(second.text).toContain("Done.");
  });

  test("json follows a schema", async () => {
    const reply = await openai.chat.completions.create({
      model: "demo/json",
      messages: [{ role: "user", content: "Rome" }],
      response_format: { type: "json_schema", json_schema: { name: "trip", schema: SCHEMA } },
    });
    expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toEqual({
      city: expect.any(String),
      days: expect.any(Number),
    });
  });

  test("embed gives the same vector for the same text, and is metered", async () => {
    const request = { model: "demo/embed", input: ["one", "two", "one"] };
    const { data, usage } = await openai.embeddings.create(request);
    const [first, second, third] = data.map(({ embedding }) => embedding);
    expect(first?.length).toBeGreaterThan(8);
    expect(first).toEqual(third ?? []);
    expect(first).not.toEqual(second ?? []);
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  test("embed makes the same vectors for every client", async () => {
    const texts = ["one text", "two"];
    const { data } = await openai.embeddings.create({
      model: "demo/embed",
      input: texts,
      dimensions: 16,
      encoding_format: "float",
    });
    const reply = await google.models.embedContent({
      model: "demo/embed",
      contents: texts,
      config: { outputDimensionality: 16 },
    });
    const values = reply.embeddings?.map((embedding) => embedding.values);
    const [first, second] = data.map(({ embedding }) => embedding);
    const close = (one: readonly number[] = [], other: readonly number[] = []) =>
      one.every((value, place) => Math.abs(value - (other[place] ?? 9)) < 1e-6);
    expect(close(values?.[0], first)).toBe(true);
    expect(close(values?.[1], second)).toBe(true);
    const names = new Map<string, readonly string[]>();
    for await (const model of await google.models.list()) {
      names.set(model.name ?? "", model.supportedActions ?? []);
    }
    expect(names.get("models/demo/embed")).toEqual(["embedContent", "batchEmbedContents"]);
    expect(names.get("models/demo/echo")).toContain("generateContent");
  });

  describe("broken-stream dies after five tokens", () => {
    const LONG = "one two three four five six seven eight";

    test("openai", async () => {
      const stream = await openai.chat.completions.create({
        model: "broken",
        stream: true,
        messages: [{ role: "user", content: LONG }],
      });
      const { text, error } = await broken(
        stream,
        (chunk) => chunk.choices[0]?.delta.content ?? "",
      );
      expect(LONG.startsWith(text) && text.length > 0 && text !== LONG).toBe(true);
      expect(error).toBeInstanceOf(OpenAI.APIError);
      expect(asObject(error)?.["code"]).toBe("upstream_failed");
    });

    test("anthropic", async () => {
      const messages = [{ role: "user" as const, content: LONG }];
      const request = { model: "broken", max_tokens: 50, messages };
      const stream = await anthropic.messages.create({ ...request, stream: true });
      const { text, error } = await broken(stream, (event) =>
        event.type === "content_block_delta" && event.delta.type === "text_delta"
          ? event.delta.text
          : "",
      );
      expect(LONG.startsWith(text) && text.length > 0 && text !== LONG).toBe(true);
      expect(error).toBeInstanceOf(Anthropic.APIError);
      const body = asObject(asObject(error)?.["error"]);
      expect(asObject(body?.["error"])?.["code"]).toBe("upstream_failed");
    });

    test("google", async () => {
      const stream = await google.models.generateContentStream({ model: "broken", contents: LONG });
      const { text, error } = await broken(stream, (chunk) => chunk.text ?? "");
      expect(LONG.startsWith(text) && text.length > 0 && text !== LONG).toBe(true);
      expect(asString(asObject(error)?.["message"])).toContain("upstream_failed");
    });

    test("whole", async () => {
      const reply = await ask(gateway.baseUrl, { "x-api-key": KEY }, hello("broken"));
      expect(reply.status).toBe(502);
      expect(reply.headers.get("x-sluice-error")).toBe("upstream_failed");
    });
  });
});

/** Reads a stream to its bitter end. */
async function broken<Chunk>(
  stream: AsyncIterable<Chunk>,
  textOf: (chunk: Chunk) => string,
): Promise<{ text: string; error: unknown }> {
  let text = "";
  try {
    for await (const chunk of stream) text += textOf(chunk);
  } catch (error) {
    return { text, error };
  }
  return { text, error: undefined };
}
