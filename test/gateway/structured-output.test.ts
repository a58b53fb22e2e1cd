// Answers held to a schema where the model has no such thing: stood in for, checked, mended once, and
// never given out unenforced. Official clients in front, the scripted upstream behind.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { answer, closedGate } from "#support/upstream/upstream.ts";
import { askedOf } from "./asked.ts";
import { brief } from "./ledger.ts";
import { CALLER_KEY, sentBody, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const CLAUDE = "claude-3-haiku-bench";
const GPT = "gpt-4-turbo-bench";
const GEMMA = "gemma-3-bench";

/** The default usage of the scripted upstream, priced by the bench: 11 in, 7 out. */
const ONE_COST = 0.000039;

const CITY: JsonObject = {
  type: "object",
  properties: { city: { type: "string" }, people: { type: "integer", minimum: 1 } },
  required: ["city", "people"],
  additionalProperties: false,
};
const ROME = { city: "Rome", people: 2_800_000 };
const WRONG = { city: "Rome", people: "many" };

let bench: VendorBench;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;
beforeAll(async () => {
  bench = await startVendorBench(`
server: { keep_alive: 1s }
models:
  city: { targets: [ant/${CLAUDE}, oai/gpt-4o-bench] }
`);
  const { baseUrl } = bench.gateway;
  openai = new OpenAI({ apiKey: CALLER_KEY, baseURL: `${baseUrl}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: CALLER_KEY, baseURL: baseUrl, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: CALLER_KEY, httpOptions: { baseUrl } });
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function asked(model: string, schema: JsonObject = CITY) {
  return {
    model,
    messages: [{ role: "user" as const, content: "Tell me about Rome." }],
    response_format: {
      type: "json_schema" as const,
      json_schema: { name: "city", schema, strict: true },
    },
  };
}

/** The made-up call in which a model without schemas gives its answer. */
function called(value: object) {
  return answer({
    text: "",
    toolCalls: [{ id: "call_1", name: "answer", arguments: value as Record<string, unknown> }],
  });
}

async function streamed(model: string): Promise<{ text: string; finish: string | null }> {
  const stream = await openai.chat.completions.create({ ...asked(model), stream: true });
  let text = "";
  let finish: string | null = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    expect(chunk.choices[0]?.delta.tool_calls).toBeUndefined();
  }
  return { text, finish };
}

describe("a model that can be made to call a tool", () => {
  test("gives its answer as the tool's arguments, which the client gets as text", async () => {
    bench.upstream.script(CLAUDE, called(ROME));
    const { data, response } = await openai.chat.completions
      .create(asked(`ant/${CLAUDE}`))
      .withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? "")).toEqual(ROME);
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.choices[0]?.message.tool_calls).toBeUndefined();
    expect(response.headers.get("x-sluice-notices")).toContain("emulated:json_schema");
    const sent = sentBody(bench.lastRequest());
    expect(sent["tool_choice"]).toEqual({ type: "tool", name: "answer" });
    expect(asObject(asArray(sent["tools"])[0])?.["input_schema"]).toEqual(CITY);
    expect(sent["output_config"]).toBeUndefined();
  });

  test("streams nothing until the answer is valid, then all of it", async () => {
    bench.upstream.script(CLAUDE, called(ROME));
    const { text, finish } = await streamed(`ant/${CLAUDE}`);
    expect(JSON.parse(text)).toEqual(ROME);
    expect(finish).toBe("stop");
  });

  test("is asked once for a better answer, and both attempts are recorded and paid", async () => {
    bench.upstream.script(CLAUDE, called(WRONG), called(ROME));
    const { data, response } = await openai.chat.completions
      .create(asked(`ant/${CLAUDE}`))
      .withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? "")).toEqual(ROME);
    expect(response.headers.get("x-sluice-attempts")).toBe("2");
    expect(Number(response.headers.get("x-sluice-cost-usd"))).toBeCloseTo(2 * ONE_COST, 9);
    const turns = askedOf(bench.lastRequest()).turns;
    expect(turns.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(turns[1]?.parts[0]).toContain(JSON.stringify(WRONG));
    expect(turns[2]?.parts[0]).toContain("#/people");
    expect(brief(await bench.lastDecision())).toMatchObject({
      outcome: "answered",
      attempts: ["invalid_answer 200", "succeeded 200"],
      used: { input: 22, output: 14 },
    });
    const rows = await bench.gateway.usageRows("target");
    const row = rows.find(({ target }) => target === `ant/${CLAUDE}`);
    expect(Number(row?.["input_tokens"])).toBeGreaterThanOrEqual(22);
  });

  test("mends a streamed answer as well", async () => {
    bench.upstream.script(CLAUDE, called(WRONG), called(ROME));
    const { text } = await streamed(`ant/${CLAUDE}`);
    expect(JSON.parse(text)).toEqual(ROME);
  });

  test("that never gives a valid answer ends as an error, whole and streamed", async () => {
    for (const stream of [false, true]) {
      bench.upstream.script(CLAUDE, called(WRONG), called(WRONG), called(ROME));
      const failed = await openai.chat.completions
        .create({ ...asked(`ant/${CLAUDE}`), stream })
        .catch((error: unknown) => error);
      if (!(failed instanceof OpenAI.APIError)) throw new Error("It should have failed.");
      expect(failed.status).toBe(502);
      expect(failed.code).toBe("upstream_failed");
      const details = asArray((failed.error as JsonObject)["details"]) as JsonObject[];
      expect(details.map(({ outcome }) => outcome)).toEqual(["invalid_answer", "invalid_answer"]);
      // Nothing of the answer stands in what is kept.
      const record = JSON.stringify(await bench.lastDecision());
      expect(record).not.toContain("many");
      bench.upstream.clear();
    }
  });

  test("that fails twice gives way to the next target, which has schemas of its own", async () => {
    bench.upstream.script(CLAUDE, called(WRONG), called(WRONG));
    bench.upstream.script("gpt-4o-bench", answer({ text: JSON.stringify(ROME) }));
    const { data, response } = await openai.chat.completions.create(asked("city")).withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? "")).toEqual(ROME);
    expect(response.headers.get("x-sluice-target")).toBe("oai/gpt-4o-bench");
    // The answer that was given was not emulated.
    expect(response.headers.get("x-sluice-notices") ?? "").not.toContain("emulated");
    expect(brief(await bench.lastDecision()).attempts).toEqual([
      "invalid_answer 200",
      "invalid_answer 200",
      "succeeded 200",
    ]);
  });

  test("keeps the connection alive while it is held, and fails over after that all the same", async () => {
    const gate = closedGate();
    bench.upstream.script(CLAUDE, answer({}, { firstByteGate: gate }), called(ROME));
    const response = await fetch(`${bench.gateway.baseUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ ...asked(`ant/${CLAUDE}`), stream: true }),
    });
    gate.open();
    const body = await response.text();
    expect(body).toStartWith(": keep-alive");
    expect(body).toContain("Rome");
    expect(body.trimEnd()).toEndWith("data: [DONE]");
  });

  test("wraps what is no object, and takes it out again", async () => {
    const list = { type: "array", items: { type: "integer" } };
    bench.upstream.script(CLAUDE, called({ value: [1, 2, 3] }));
    const reply = await openai.chat.completions.create(asked(`ant/${CLAUDE}`, list));
    expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toEqual([1, 2, 3]);
  });
});

describe("a model with JSON mode", () => {
  test("gets the schema as an instruction, also from a client of its own dialect", async () => {
    bench.upstream.script(GPT, answer({ text: JSON.stringify(ROME) }));
    const { data, response } = await openai.chat.completions
      .create(asked(`oai/${GPT}`))
      .withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? "")).toEqual(ROME);
    expect(response.headers.get("x-sluice-notices")).toContain("emulated:json_schema");
    const sent = sentBody(bench.lastRequest());
    expect(sent["response_format"]).toEqual({ type: "json_object" });
    expect(askedOf(bench.lastRequest()).system.join()).toContain('"people"');
  });

  test("is held to the schema of a client of another dialect", async () => {
    bench.upstream.script(GPT, answer({ text: JSON.stringify(WRONG) }), answer({ text: "No." }));
    const failed = await anthropic.messages
      .create({
        model: `oai/${GPT}`,
        max_tokens: 200,
        messages: [{ role: "user", content: "Tell me about Rome." }],
        output_config: { format: { type: "json_schema", schema: CITY } },
      })
      .catch((error: unknown) => error);
    if (!(failed instanceof Anthropic.APIError)) throw new Error("It should have failed.");
    expect(failed.status).toBe(502);
  });
});

describe("clients of other dialects", () => {
  const format = { type: "json_schema" as const, name: "city", schema: CITY, strict: true };

  test.each([false, true])("Responses gets its answer as text, streamed %p", async (stream) => {
    bench.upstream.script(CLAUDE, called(WRONG), called(ROME));
    const ask = { model: `ant/${CLAUDE}`, input: "Tell me about Rome.", text: { format } };
    const reply = stream
      ? await openai.responses.stream(ask).finalResponse()
      : await openai.responses.create(ask);
    expect(JSON.parse(reply.output_text)).toEqual(ROME);
    expect(reply.status).toBe("completed");
    expect(reply.output.map(({ type }) => type)).toEqual(["message"]);
  });

  test.each([false, true])("Gemini gets its answer as text, streamed %p", async (isStream) => {
    bench.upstream.script(GPT, answer({ text: "Hm." }), answer({ text: JSON.stringify(ROME) }));
    const ask = {
      model: `oai/${GPT}`,
      contents: "Tell me about Rome.",
      config: { responseMimeType: "application/json", responseJsonSchema: CITY },
    };
    let text = "";
    if (isStream) {
      for await (const chunk of await google.models.generateContentStream(ask)) {
        text += chunk.text ?? "";
      }
    } else text = (await google.models.generateContent(ask)).text ?? "";
    expect(JSON.parse(text)).toEqual(ROME);
  });
});

describe("JSON without a schema", () => {
  test("comes from a model without JSON mode, out of its fence", async () => {
    bench.upstream.script(
      CLAUDE,
      answer({ text: 'Sure!\n```json\n{"a": 1}\n```\nAnything else?' }),
    );
    const reply = await openai.chat.completions.create({
      model: `ant/${CLAUDE}`,
      messages: [{ role: "user", content: "Some JSON, please." }],
      response_format: { type: "json_object" },
    });
    expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toEqual({ a: 1 });
  });
});

describe("a vendor whose schemas say less", () => {
  test("gets what it can be told, and its answer is held to the rest", async () => {
    bench.upstream.script(
      "claude-sonnet-4-5",
      answer({ text: JSON.stringify({ city: "Rome", people: 0 }) }),
      answer({ text: JSON.stringify(ROME) }),
    );
    const { data, response } = await openai.chat.completions
      .create(asked("ant/claude-sonnet-4-5"))
      .withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? "")).toEqual(ROME);
    const notices = response.headers.get("x-sluice-notices") ?? "";
    expect(notices).toContain("dropped:schema.minimum");
    expect(notices).not.toContain("emulated");
    const format = asObject(asObject(sentBody(bench.lastRequest())["output_config"])?.["format"]);
    const people = asObject(asObject(asObject(format?.["schema"])?.["properties"])?.["people"]);
    expect(people?.["minimum"]).toBeUndefined();
    expect(people?.["description"]).toContain("at least 1");
  });

  test("streams at once what it holds to the whole schema", async () => {
    const gate = closedGate();
    const simple = {
      ...CITY,
      properties: { city: { type: "string" }, people: { type: "integer" } },
    };
    bench.upstream.script(
      "claude-sonnet-4-5",
      answer({ text: '{"city": "Rome", "people": 3}' }, { hold: { afterTokens: 2, gate } }),
    );
    const stream = await openai.chat.completions.create({
      ...asked("ant/claude-sonnet-4-5", simple),
      stream: true,
    });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (text !== "") gate.open();
    }
    expect(JSON.parse(text)).toEqual({ city: "Rome", people: 3 });
  });

  test("leaves optional properties out again that OpenAI had to make null", async () => {
    bench.upstream.script("gpt-4o-bench", answer({ text: '{"city": "Rome", "mayor": null}' }));
    const reply = await anthropic.messages.create({
      model: "oai/gpt-4o-bench",
      max_tokens: 200,
      messages: [{ role: "user", content: "Tell me about Rome." }],
      output_config: {
        format: {
          type: "json_schema",
          schema: {
            type: "object",
            properties: { city: { type: "string" }, mayor: { type: "string" } },
            required: ["city"],
            additionalProperties: false,
          },
        },
      },
    });
    const [block] = reply.content;
    expect(block?.type === "text" && JSON.parse(block.text)).toEqual({ city: "Rome" });
    const format = asObject(sentBody(bench.lastRequest())["response_format"]);
    expect(asObject(format?.["json_schema"])).toMatchObject({
      strict: true,
      schema: { required: ["city", "mayor"], properties: { mayor: { type: ["string", "null"] } } },
    });
  });
});

describe("schemas that mean harm", () => {
  test.each([
    ["that refer to themselves for ever", { $ref: "#" }],
    ["that refer to nothing", { type: "object", properties: { a: { $ref: "#/$defs/none" } } }],
    ["with a pattern that is none", { type: "object", properties: { a: { pattern: "(" } } }],
  ])("%s are refused before anything is paid for", async (_what, schema) => {
    const failed = await openai.chat.completions
      .create(asked(`ant/${CLAUDE}`, schema as JsonObject))
      .catch((error: unknown) => error);
    if (!(failed instanceof OpenAI.APIError)) throw new Error("It should have been refused.");
    expect(failed.status).toBe(400);
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("with patterns that never end cost their own call, and nobody else's", async () => {
    const pattern = "^(([a-z])+.)+[A-Z]([a-z])+$";
    const hostile = {
      type: "object",
      properties: { name: { allOf: Array.from({ length: 9 }, () => ({ pattern })) } },
    };
    bench.upstream.script(CLAUDE, called({ name: "a".repeat(64) }));
    const slow = openai.chat.completions
      .create(asked(`ant/${CLAUDE}`, hostile))
      .catch((error: unknown) => error);
    await bench.upstream.received(0);
    bench.upstream.script("gpt-4.1", answer({ text: "Quick." }));
    const quick = await openai.chat.completions.create({
      model: "oai/gpt-4.1",
      messages: [{ role: "user", content: "Hello." }],
    });
    expect(quick.choices[0]?.message.content).toBe("Quick.");
    const failed = await slow;
    if (!(failed instanceof OpenAI.APIError)) throw new Error("It should have failed.");
    expect(failed.code).toBe("upstream_failed");
  });
});

describe("large calls", () => {
  test("are stood in for by the thread that holds their body", async () => {
    bench.upstream.script(CLAUDE, called(WRONG), called(ROME));
    const { messages: _, ...rest } = asked(`ant/${CLAUDE}`);
    const reply = await openai.chat.completions.create({
      ...rest,
      messages: [{ role: "user", content: `Tell me. ${"word ".repeat(260_000)}` }],
    });
    expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toEqual(ROME);
    expect(askedOf(bench.lastRequest()).turns).toHaveLength(3);
  });

  test("with large answers are read on a thread, and checked up to a bound", async () => {
    const list = { type: "array", items: { type: "string" } };
    const words = (count: number) => called({ value: Array(count).fill("word") });
    bench.upstream.script(CLAUDE, words(140_000));
    const reply = await openai.chat.completions.create(asked(`ant/${CLAUDE}`, list));
    expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toHaveLength(140_000);
    bench.upstream.script(CLAUDE, words(160_000));
    const failed = await openai.chat.completions
      .create(asked(`ant/${CLAUDE}`, list))
      .catch((error: unknown) => error);
    if (!(failed instanceof OpenAI.APIError)) throw new Error("It should have failed.");
    expect(failed.message).toContain("too large to be checked");
  });
});

test("a refusal and a cut answer stay what they are", async () => {
  bench.upstream.script(CLAUDE, answer({ text: "I would rather", stop: "limit" }));
  const cut = await openai.chat.completions.create(asked(`ant/${CLAUDE}`));
  expect(cut.choices[0]?.finish_reason).toBe("length");
  expect(bench.upstream.requests).toHaveLength(1);
});

test("a model known to have neither is asked in words", async () => {
  bench.upstream.script(GEMMA, answer({ text: JSON.stringify(ROME) }));
  const reply = await openai.chat.completions.create(asked(`gem/${GEMMA}`));
  expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toEqual(ROME);
  const sent = sentBody(bench.lastRequest());
  expect(sent["tools"]).toBeUndefined();
  expect(sent["generationConfig"]).toBeUndefined();
  expect(JSON.stringify(sent["systemInstruction"])).toContain("JSON schema");
});
