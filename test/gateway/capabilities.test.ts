// What models can do: calls find a target that can serve them, and say why; names, ids and schemas fit
// the vendor and come back as the caller wrote them. Official clients over the scripted upstream.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { answer } from "#support/upstream/upstream.ts";
import { CALLER_KEY, sentBody, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

let bench: VendorBench;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  bench = await startVendorBench(`
models:
  any: { targets: [oai/blind-bench, ant/claude-sonnet-4-5] }
  roomy: { targets: [oai/small-bench, gem/gemini-2.5-flash] }
capabilities:
  oai/blind-bench: { images: none, tools: none }
  oai/small-bench: { context_tokens: 200 }
  oai/words-bench: { json_schema: emulated, json_mode: emulated, tools: none }
  oai/*: { max_output_tokens: 500 }
  oai/shapeless-bench: { json_schema: none }
  gem/hot-bench: { temperature: none, max_stop_sequences: 1 }
`);
  const { baseUrl } = bench.gateway;
  openai = new OpenAI({ apiKey: CALLER_KEY, baseURL: `${baseUrl}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: CALLER_KEY, baseURL: baseUrl, maxRetries: 0 });
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function seen(model: string) {
  return openai.chat.completions.create({
    model,
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is it?" },
          { type: "image_url", image_url: { url: PIXEL } },
        ],
      },
    ],
  });
}

describe("the filter", () => {
  test("sends images past a target that cannot see them, with the reason in the record", async () => {
    bench.upstream.script("claude-sonnet-4-5", answer({ text: "A pixel." }));
    const { response } = await seen("any").withResponse();
    expect(response.headers.get("x-sluice-target")).toBe("ant/claude-sonnet-4-5");
    expect(response.headers.get("x-sluice-attempts")).toBe("1");
    expect(asArray((await bench.lastDecision())["rejected"])).toEqual([
      { target: "oai/blind-bench", because: [{ code: "feature_unsupported", detail: "images" }] },
    ]);
  });

  test("lets calls of text reach the same target", async () => {
    bench.upstream.script("blind-bench", answer({ text: "Hello." }));
    const { response } = await openai.chat.completions
      .create({ model: "any", messages: [{ role: "user", content: "Hello." }] })
      .withResponse();
    expect(response.headers.get("x-sluice-target")).toBe("oai/blind-bench");
  });

  test("refuses when nobody can serve the call, in the client's own error", async () => {
    const failed = await seen("oai/blind-bench").catch((error: unknown) => error);
    if (!(failed instanceof OpenAI.APIError)) throw new Error("It should have been refused.");
    expect(failed.status).toBe(400);
    expect(failed.code).toBe("unsupported_feature");
    expect(failed.message).toContain("images");
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("sends long calls where there is room", async () => {
    bench.upstream.script("gemini-2.5-flash", answer({ text: "Long." }));
    const { response } = await openai.chat.completions
      .create({ model: "roomy", messages: [{ role: "user", content: "word ".repeat(600) }] })
      .withResponse();
    expect(response.headers.get("x-sluice-target")).toBe("gem/gemini-2.5-flash");
    const [rejected] = asArray((await bench.lastDecision())["rejected"]) as JsonObject[];
    expect(asObject(asArray(rejected?.["because"])[0])?.["code"]).toBe("context_too_long");
  });
});

describe("the document", () => {
  test("lowers and leaves out what the operator knows better, with notices", async () => {
    bench.upstream.script("hot-bench", answer({ text: "Cool." }));
    const { response } = await openai.chat.completions
      .create({
        model: "gem/hot-bench",
        messages: [{ role: "user", content: "Hello." }],
        temperature: 0.3,
        stop: ["a", "b"],
      })
      .withResponse();
    const config = asObject(sentBody(bench.lastRequest())["generationConfig"]);
    expect(config?.["temperature"]).toBeUndefined();
    expect(config?.["stopSequences"]).toEqual(["a"]);
    const notices = response.headers.get("x-sluice-notices") ?? "";
    expect(notices.split(", ")).toEqual(
      expect.arrayContaining(["dropped:temperature", "clamped:stop"]),
    );
  });

  test("binds translated calls alone: in the vendor's own dialect the vendor decides", async () => {
    const ask = { model: "oai/blind-bench", max_tokens: 9_000 } as const;
    const messages = [{ role: "user" as const, content: "Hello." }];
    bench.upstream.always("blind-bench", answer({ text: "Hello." }));
    await openai.chat.completions.create({ ...ask, messages });
    expect(sentBody(bench.lastRequest())["max_tokens"]).toBe(9_000);
    await anthropic.messages.create({ ...ask, messages });
    expect(sentBody(bench.lastRequest())["max_completion_tokens"]).toBe(500);
  });

  test("makes Sluice stand in for schemas in the vendor's own dialect, too", async () => {
    bench.upstream.script("words-bench", answer({ text: 'Here: {"a": 1}' }));
    const { data, response } = await openai.chat.completions
      .create({
        model: "oai/words-bench",
        messages: [{ role: "user", content: "Hello." }],
        response_format: {
          type: "json_schema",
          json_schema: {
            name: "a",
            schema: { type: "object", properties: { a: { type: "integer" } }, required: ["a"] },
          },
        },
      })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe('{"a": 1}');
    expect(response.headers.get("x-sluice-notices")).toBe("emulated:json_schema");
    expect(sentBody(bench.lastRequest())["response_format"]).toBeUndefined();
  });
});

describe("a model that is known to have no schemas", () => {
  function ask(type: "json_schema" | "json_object") {
    const json_schema = { name: "a", schema: { type: "object" } };
    return openai.chat.completions
      .create({
        model: "oai/shapeless-bench",
        messages: [{ role: "user", content: "Some JSON." }],
        response_format: type === "json_object" ? { type } : { type, json_schema },
      })
      .catch((error: unknown) => error);
  }

  test("is not asked for one, not even in its own dialect", async () => {
    const failed = await ask("json_schema");
    if (!(failed instanceof OpenAI.APIError)) throw new Error("It should have been refused.");
    expect(failed.code).toBe("unsupported_feature");
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("still gets what it has, byte for byte", async () => {
    bench.upstream.script("shapeless-bench", answer({ text: "{}" }));
    await ask("json_object");
    expect(sentBody(bench.lastRequest())["response_format"]).toEqual({ type: "json_object" });
  });
});

describe("tools", () => {
  const NAME = "files.read/all lines";
  const LONG = `${"very_".repeat(20)}long`;
  const tools = [NAME, LONG].map((name) => ({
    name,
    input_schema: {
      type: "object" as const,
      properties: { path: { type: "string" }, depth: { type: "integer" } },
      required: ["path"],
    },
    strict: true,
  }));

  /** Names under which the upstream was offered the tools. */
  function offered(): string[] {
    const written = asArray(sentBody(bench.lastRequest())["tools"]) as JsonObject[];
    return written.map((tool) => String(asObject(tool["function"])?.["name"]));
  }

  async function ask(stream: boolean) {
    bench.upstream.script("gpt-4.1", answer({ text: "First." }));
    const base = { model: "oai/gpt-4.1", max_tokens: 100, tools };
    const hello = [{ role: "user" as const, content: "Read." }];
    await anthropic.messages.create({ ...base, messages: hello });
    const names = offered();
    const call = { id: "call_1", name: names[0] ?? "", arguments: { path: "/etc", depth: null } };
    bench.upstream.script("gpt-4.1", answer({ text: "", toolCalls: [call] }));
    const message = stream
      ? await anthropic.messages.stream({ ...base, messages: hello }).finalMessage()
      : await anthropic.messages.create({ ...base, messages: hello });
    return { names, message };
  }

  test.each([false, true])(
    "have names and schemas of the vendor's kind, streamed %p",
    async (stream) => {
      const { names, message } = await ask(stream);
      for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(new Set(names).size).toBe(2);
      const [first] = asArray(sentBody(bench.lastRequest())["tools"]) as JsonObject[];
      const parameters = asObject(asObject(first?.["function"])?.["parameters"]);
      expect(parameters?.["required"]).toEqual(["path", "depth"]);
      const used = message.content.find((block) => block.type === "tool_use");
      expect(used).toMatchObject({ name: NAME, input: { path: "/etc" } });
      expect(message.stop_reason).toBe("tool_use");
    },
  );

  test("keep their call and its result together in the next turn", async () => {
    const { message, names } = await ask(false);
    const used = message.content.find((block) => block.type === "tool_use");
    if (used === undefined) throw new Error("There is no call.");
    bench.upstream.script("gpt-4.1", answer({ text: "Done." }));
    await anthropic.messages.create({
      model: "oai/gpt-4.1",
      max_tokens: 100,
      tools,
      messages: [
        { role: "user", content: "Read." },
        { role: "assistant", content: message.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: used.id, content: "text" }] },
      ],
    });
    const messages = asArray(sentBody(bench.lastRequest())["messages"]) as JsonObject[];
    const [call] = asArray(messages[1]?.["tool_calls"]) as JsonObject[];
    expect(asObject(call?.["function"])?.["name"]).toBe(names[0] ?? "");
    expect(messages[2]?.["tool_call_id"]).toBe(call?.["id"]);
  });

  test("whose schemas lose something say so in the record, by place alone", async () => {
    bench.upstream.script("claude-sonnet-4-5", answer({ text: "Fine." }));
    const { response } = await openai.chat.completions
      .create({
        model: "ant/claude-sonnet-4-5",
        messages: [{ role: "user", content: "Hello." }],
        tools: [
          {
            type: "function",
            function: {
              name: "count",
              strict: true,
              parameters: {
                type: "object",
                properties: { private_word: { type: "integer", minimum: 1 } },
                required: ["private_word"],
                additionalProperties: false,
              },
            },
          },
        ],
      })
      .withResponse();
    expect(response.headers.get("x-sluice-notices")).toContain("dropped:schema.minimum");
    const record = await bench.lastDecision();
    expect(asObject(asArray(record["attempts"])[0])?.["losses"]).toEqual([
      {
        of: "tools[0]",
        losses: [{ place: "properties[0]", keyword: "minimum", effect: "widened" }],
        unlisted: 0,
      },
    ]);
    expect(JSON.stringify(record)).not.toContain("private_word");
  });
});

describe("a begun answer", () => {
  test("is asked to be continued where the model would begin anew", async () => {
    bench.upstream.script("gpt-4.1", answer({ text: '"a": 1}' }));
    const reply = await anthropic.messages.create({
      model: "oai/gpt-4.1",
      max_tokens: 100,
      messages: [
        { role: "user", content: "Some JSON." },
        { role: "assistant", content: "{" },
      ],
    });
    expect(reply.content[0]).toMatchObject({ type: "text", text: '"a": 1}' });
    const messages = asArray(sentBody(bench.lastRequest())["messages"]) as JsonObject[];
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    const notices = asArray((await bench.lastDecision())["notices"]);
    expect(notices).toContain("emulated:prefill");
  });
});
