import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { all } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { ModelTraits } from "../dialect.ts";
import type { NeutralRequest, Part, Turn } from "../neutral.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";

const WEATHER = { name: "get_weather", parameters: { type: "object", properties: {} } };

/** A request that came from elsewhere. */
function neutral(given: Partial<NeutralRequest> = {}): NeutralRequest {
  return {
    origin: "elsewhere",
    model: "asked",
    stream: false,
    instructions: [],
    turns: [turn("user", text("Hello."))],
    tools: [],
    vendorTools: [],
    maxOutputTokens: 4096,
    sampling: {},
    extras: new Map(),
    ...given,
  };
}

function turn(role: Turn["role"], ...parts: Part[]): Turn {
  return { role, parts };
}

function text(words: string): Part {
  return { kind: "text", text: words };
}

function call(id: string, argumentsJson = "{}"): Part {
  return { kind: "tool-call", id, name: "get_weather", argumentsJson };
}

function result(callId: string, words: string): Part {
  const content = [{ kind: "text", text: words }] as const;
  return { kind: "tool-result", callId, name: "get_weather", content, isError: false };
}

function write(given: Partial<NeutralRequest>, traits: Partial<ModelTraits> = {}) {
  const context = sampleUpstream({
    traits: { reasoning: "adaptive", ...traits },
    stateOrigins: ["anthropic", "anthropic-messages"],
    model: "claude-sonnet-4-6",
  });
  const body = requestFromNeutral(neutral(given), context);
  const messages = body["messages"] as JsonObject[];
  return { body, notices: context.notices, messages, blocks: messages.map(blocksOf) };
}

function blocksOf(message: JsonObject): JsonObject[] {
  return message["content"] as JsonObject[];
}

function refusalOf(given: Partial<NeutralRequest>, traits: Partial<ModelTraits> = {}): string {
  try {
    write(given, traits);
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return "no refusal";
}

describe("turns of other dialects", () => {
  test("adjacent turns of one role become one message", () => {
    const { messages } = write({
      turns: [turn("user", text("a")), turn("user", text("b")), turn("assistant", text("c"))],
    });
    expect(messages).toEqual([
      { role: "user", content: [textBlock("a"), textBlock("b")] },
      { role: "assistant", content: [textBlock("c")] },
    ]);
  });

  test("all results of one assistant turn stand first in one user message", () => {
    const { messages, blocks } = write({
      turns: [
        turn("user", text("go")),
        turn("assistant", call("a"), call("b")),
        turn("user", result("a", "1")),
        turn("user", text("and an aside")),
        turn("user", result("b", "2")),
      ],
    });
    expect(blocks.at(-1)?.map((block) => block["tool_use_id"] ?? block["text"])).toEqual([
      "a",
      "b",
      "and an aside",
    ]);
    expect(messages).toHaveLength(3);
  });

  test("instructions alone get a user who opens the conversation", () => {
    const { body, messages, notices } = write({
      instructions: [{ kind: "text", text: "Greet." }],
      turns: [],
    });
    expect(body["system"]).toBe("Greet.");
    expect(messages).toHaveLength(1);
    expect(messages[0]?.["role"]).toBe("user");
    expect(notices).toContain("emulated:user_turn");
  });

  test("empty text is left out and what stood around it is joined", () => {
    const { messages } = write({
      turns: [turn("user", text("a")), turn("assistant", text(" \n")), turn("user", text("b"))],
    });
    expect(messages).toEqual([{ role: "user", content: [textBlock("a"), textBlock("b")] }]);
  });

  test("an instruction between turns is marked and told by the user", () => {
    const { messages, notices } = write({
      turns: [turn("user", text("a")), turn("system", text("be brief"))],
    });
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages)).toContain("<system>\\nbe brief\\n</system>");
    expect(notices).toContain("converted:system_turn");
  });

  test("a prefill loses the white space at its end", () => {
    const { messages } = write({
      turns: [turn("user", text("a")), turn("assistant", text("b \n"))],
    });
    expect(messages.at(-1)?.["content"]).toEqual([textBlock("b")]);
  });
});

describe("tool calls of other dialects", () => {
  test("ids are reduced alike for the call and its result, and stay apart", () => {
    const { blocks } = write({
      turns: [
        turn("user", text("go")),
        turn("assistant", call("call:1"), call("call.1")),
        turn("user", result("call:1", "x"), result("call.1", "y")),
      ],
    });
    const calls = (blocks[1] ?? []).map((block) => block["id"]);
    const results = (blocks[2] ?? []).map((block) => block["tool_use_id"]);
    expect(results).toEqual(calls);
    expect(new Set(calls).size).toBe(2);
    for (const id of calls) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
  });

  test.each([
    ['{"b":1,"a":[2]}', { b: 1, a: [2] }, false],
    ["", {}, false],
    ["null", {}, false],
    ['{"city": "Os', { invalid_arguments: '{"city": "Os' }, true],
    ["[1]", { invalid_arguments: [1] }, true],
  ] as [string, Json, boolean][])("arguments %p become an object", (json, input, isConverted) => {
    const { blocks, notices } = write({
      turns: [turn("user", text("go")), turn("assistant", call("a", json))],
    });
    expect(blocks[1]?.[0]?.["input"]).toEqual(input);
    expect(notices.includes("converted:tool_arguments")).toBe(isConverted);
  });

  test("a result that is structured alone is written as JSON text", () => {
    const structured: Part = {
      kind: "tool-result",
      callId: "a",
      name: "get_weather",
      content: [],
      structured: { degrees: 4 },
      isError: true,
    };
    const { messages } = write({ turns: [turn("assistant", call("a")), turn("user", structured)] });
    expect(messages.at(-1)?.["content"]).toEqual([
      { type: "tool_result", tool_use_id: "a", content: '{"degrees":4}', is_error: true },
    ]);
  });
});

describe("choice among tools", () => {
  const cases: [string, Partial<NeutralRequest>, Json | undefined][] = [
    ["required", { toolChoice: { mode: "required" } }, { type: "any" }],
    [
      "named, one at a time",
      { toolChoice: { mode: "named", name: "get_weather" }, parallelToolCalls: false },
      { type: "tool", name: "get_weather", disable_parallel_tool_use: true },
    ],
    [
      "one at a time",
      { parallelToolCalls: false },
      { type: "auto", disable_parallel_tool_use: true },
    ],
    ["none", { toolChoice: { mode: "none" }, parallelToolCalls: false }, { type: "none" }],
    ["nothing said", {}, undefined],
  ];
  test.each(cases)("%s", (_name, given, choice) => {
    expect(write({ tools: [WEATHER], ...given }).body["tool_choice"]).toEqual(choice);
  });

  test("a choice out of some tools leaves the others out and says so", () => {
    const other = { ...WEATHER, name: "get_time" };
    const toolChoice = { mode: "allowed", names: ["get_time"], required: true } as const;
    const { body, notices } = write({ tools: [WEATHER, other], toolChoice });
    expect((body["tools"] as JsonObject[]).map((tool) => tool["name"])).toEqual(["get_time"]);
    expect(body["tool_choice"]).toEqual({ type: "any" });
    expect(notices).toContain("converted:tool_choice");
  });

  test("a forced call gives way to thinking by budget, visibly", () => {
    const given: Partial<NeutralRequest> = {
      tools: [WEATHER],
      toolChoice: { mode: "required" },
      reasoning: { effort: "low" },
    };
    const budget = write(given, { reasoning: "budget" });
    expect(budget.body["tool_choice"]).toEqual({ type: "auto" });
    expect(budget.notices).toContain("converted:tool_choice");
    expect(write(given).body["tool_choice"]).toEqual({ type: "any" });
  });

  test("a tool without parameters has an empty object for them", () => {
    const { body } = write({ tools: [{ name: "ping" }] });
    expect((body["tools"] as JsonObject[])[0]?.["input_schema"]).toEqual({
      type: "object",
      properties: {},
    });
  });
});

describe("sampling and limits", () => {
  test("a missing output cap is filled in and announced", () => {
    const { maxOutputTokens: _cap, ...given } = neutral();
    const context = sampleUpstream({ traits: { defaultOutputTokens: 777 } });
    expect(requestFromNeutral(given, context)["max_tokens"]).toBe(777);
    expect(context.notices).toContain("defaulted:max_tokens");
  });

  test("temperature is clamped, and of two ways to sample one is kept", () => {
    const { body, notices } = write({ sampling: { temperature: 1.7, topP: 0.5, topK: 3 } });
    expect(body).toMatchObject({ temperature: 1, top_k: 3 });
    expect(body).not.toHaveProperty("top_p");
    expect(notices).toEqual(["dropped:top_p", "clamped:temperature"]);
  });

  test("values that change nothing are left out without a notice", () => {
    const { body, notices } = write({
      sampling: { temperature: 1, topP: 1, presencePenalty: 0 },
    });
    expect(body).not.toHaveProperty("temperature");
    expect(notices).toEqual([]);
  });

  test("sampling is dropped where the model rejects it, and beside thinking", () => {
    const sampling = { temperature: 0.2, topK: 5 };
    for (const { body, notices } of [
      write({ sampling }, { features: all("none", "temperature", "top_p", "top_k") }),
      write({ sampling, reasoning: { effort: "high" } }),
    ]) {
      expect(body).not.toHaveProperty("temperature");
      expect(body).not.toHaveProperty("top_k");
      expect(notices).toEqual(["dropped:temperature", "dropped:top_k"]);
    }
  });

  test("what Anthropic has no field for is announced", () => {
    const { notices } = write({
      sampling: { seed: 1, frequencyPenalty: 0.5, logitBias: { "50": 1 }, stop: [" ", "END"] },
      user: "u".repeat(257),
      metadata: { team: "x" },
      serviceTier: "flex",
      extras: new Map([["store", true]]),
    });
    expect(notices.toSorted()).toEqual([
      "dropped:frequency_penalty",
      "dropped:logit_bias",
      "dropped:metadata",
      "dropped:seed",
      "dropped:service_tier",
      "dropped:stop",
      "dropped:store",
      "dropped:user",
    ]);
  });
});

describe("reasoning", () => {
  test.each([
    ["high", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
    ["minimal", { thinking: { type: "adaptive" }, output_config: { effort: "low" } }],
    ["none", { thinking: { type: "disabled" } }],
  ] as const)("effort %s on a model that adapts", (effort, expected) => {
    expect(write({ reasoning: { effort } }).body).toMatchObject(expected);
  });

  test("effort becomes a budget that leaves room for the answer", () => {
    const roomy = write({ reasoning: { effort: "low" } }, { reasoning: "budget" });
    expect(roomy.body["thinking"]).toEqual({ type: "enabled", budget_tokens: 2048 });
    expect(roomy.notices).toContain("converted:reasoning_effort");
    const tight = write({ reasoning: { effort: "high" } }, { reasoning: "budget" });
    expect(tight.body["thinking"]).toEqual({ type: "enabled", budget_tokens: 3276 });
    const none = write(
      { reasoning: { effort: "high" }, maxOutputTokens: 500 },
      { reasoning: "budget" },
    );
    expect(none.body).not.toHaveProperty("thinking");
    expect(none.notices).toContain("dropped:reasoning_effort");
  });

  test("a budget is kept below the output cap, or becomes an effort", () => {
    const reasoning = { budgetTokens: 9000, visible: false };
    const budget = write({ reasoning }, { reasoning: "budget" });
    expect(budget.body["thinking"]).toEqual({
      type: "enabled",
      budget_tokens: 4095,
      display: "omitted",
    });
    expect(budget.notices).toEqual(["clamped:reasoning_budget"]);
    const adaptive = write({ reasoning });
    expect(adaptive.body["output_config"]).toEqual({ effort: "high" });
    expect(adaptive.notices).toEqual(["converted:reasoning_budget"]);
  });

  test("a model without reasoning drops the wish", () => {
    const { body, notices } = write({ reasoning: { effort: "low" } }, { reasoning: "none" });
    expect(body).not.toHaveProperty("thinking");
    expect(notices).toEqual(["dropped:reasoning_effort"]);
  });

  test("thoughts go back only when this upstream signed them", () => {
    const thought = (origin: string): Part => ({
      kind: "reasoning",
      text: `of ${origin}`,
      redacted: false,
      providerState: [{ origin, kind: "signature", value: "c2ln" }],
    });
    const unsigned: Part = { kind: "reasoning", text: "unsigned", redacted: false };
    const { messages, notices } = write({
      turns: [
        turn("user", text("go")),
        turn(
          "assistant",
          thought("gemini-generate"),
          thought("anthropic-messages"),
          unsigned,
          text("x"),
        ),
      ],
    });
    expect(messages[1]?.["content"]).toEqual([
      { type: "thinking", thinking: "of anthropic-messages", signature: "c2ln" },
      textBlock("x"),
    ]);
    expect(notices).toEqual(["dropped:reasoning", "dropped:reasoning"]);
  });
});

describe("media", () => {
  const image = (source: Extract<Part, { kind: "image" }>["source"]): Part => ({
    kind: "image",
    source,
  });

  test("images by address and texts as files find their blocks", () => {
    const { messages } = write({
      turns: [
        turn(
          "user",
          image({ from: "url", url: "https://example.com/a.png" }),
          {
            kind: "file",
            name: "a.csv",
            source: { from: "base64", mediaType: "text/csv", data: "YSxi" },
          },
          { kind: "file", source: { from: "base64", mediaType: "image/png", data: "aWk=" } },
        ),
      ],
    });
    expect(messages[0]?.["content"]).toEqual([
      { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
      {
        type: "document",
        source: { type: "text", media_type: "text/plain", data: "a,b" },
        title: "a.csv",
      },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "aWk=" } },
    ]);
  });

  const refused: [string, Part][] = [
    ["audio", { kind: "audio", source: { from: "base64", mediaType: "audio/wav", data: "" } }],
    ["video", { kind: "video", source: { from: "url", url: "https://example.com/v" } }],
    ["a bitmap", image({ from: "base64", mediaType: "image/bmp", data: "" })],
    ["a local path", image({ from: "url", url: "file:///etc/passwd" })],
    ["a file elsewhere", image({ from: "vendor-file", origin: "openai-chat", id: "file-1" })],
    [
      "a spreadsheet",
      { kind: "file", source: { from: "base64", mediaType: "application/x-xls", data: "" } },
    ],
    ["another vendor's part", { kind: "vendor", origin: "gemini-generate", name: "x", value: {} }],
  ];
  test.each(refused)("%s is refused, never dropped", (_name, part) => {
    expect(refusalOf({ turns: [turn("user", part)] })).toBe("unsupported_feature");
  });

  test("images in tool results are refused where the model takes none", () => {
    const shown: Part = {
      kind: "tool-result",
      callId: "a",
      name: "",
      content: [{ kind: "image", source: { from: "url", url: "https://example.com/a.png" } }],
      isError: false,
    };
    const turns = [turn("assistant", call("a")), turn("user", shown)];
    expect(refusalOf({ turns })).toBe("no refusal");
    expect(refusalOf({ turns }, { features: all("none", "images_in_tool_results") })).toBe(
      "unsupported_feature",
    );
  });
});

describe("features", () => {
  const schema = { type: "object", properties: {} };
  const format = { kind: "schema", name: "answer", schema, description: "An answer." } as const;

  test("a schema is native where the model has it", () => {
    const { body, notices } = write({ responseFormat: format });
    expect(body["output_config"]).toEqual({ format: { type: "json_schema", schema } });
    expect(notices).toEqual(["dropped:response_format.description"]);
  });

  const refused: [string, Partial<NeutralRequest>, Partial<ModelTraits>][] = [
    [
      "a schema on a model without",
      { responseFormat: format },
      { features: all("none", "json_schema") },
    ],
    [
      "an address where nothing is fetched",
      {
        turns: [turn("user", { kind: "image", source: { from: "url", url: "https://a.example" } })],
      },
      { features: all("none", "media_urls") },
    ],
    ["JSON without a schema", { responseFormat: { kind: "json" } }, {}],
    ["several answers", { sampling: { choices: 2 } }, {}],
    ["log probabilities", { sampling: { logprobs: { top: 0 } } }, {}],
    ["another vendor's tool", { vendorTools: [{ origin: "x", name: "search", value: {} }] }, {}],
    ["a tool name with a dot", { tools: [{ name: "a.b" }] }, {}],
  ];
  test.each(refused)("%s is refused", (_name, given, traits) => {
    expect(refusalOf(given, traits)).toBe("unsupported_feature");
  });
});

function textBlock(words: string): JsonObject {
  return { type: "text", text: words };
}
