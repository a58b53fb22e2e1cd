import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Operation } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { read } from "./read.ts";

const BODY: JsonObject = {
  model: "claude-sonnet-4-6",
  max_tokens: 100,
  messages: [{ role: "user", content: "12345" }],
};

function factsOf(given: JsonObject, operation: Operation = "generate") {
  return read({ ...BODY, ...given }, { operation, model: "", stream: undefined });
}

function refusedField(given: JsonObject): string | undefined {
  try {
    factsOf(given);
  } catch (error) {
    if (error instanceof GatewayError && error.code === "invalid_request")
      return error.extras.param;
    throw error;
  }
  return "nothing";
}

function message(...content: Json[]): JsonObject {
  return { messages: [{ role: "user", content }] };
}

test("facts of a plain call", () => {
  expect(factsOf({})).toEqual({
    operation: "generate",
    dialect: "anthropic-messages",
    model: "claude-sonnet-4-6",
    stream: false,
    wantsUsage: true,
    textLength: 5,
    maxOutputTokens: 100,
    choices: 1,
    messageCount: 1,
    toolCount: 0,
    imageCount: 0,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: "",
    metadata: {},
  });
});

test("images and files are counted wherever they stand, and their bytes are no text", () => {
  const image = {
    type: "image",
    source: { type: "base64", media_type: "image/png", data: "x".repeat(500) },
  };
  const words = { type: "document", title: "ab", source: { type: "text", data: "cdef" } };
  const file = { type: "document", source: { type: "base64", data: "x".repeat(500) } };
  const facts = factsOf(
    message(image, words, file, {
      type: "tool_result",
      tool_use_id: "a",
      content: [image, { type: "text", text: "g" }],
    }),
  );
  expect(facts).toMatchObject({ imageCount: 2, fileCount: 1, textLength: 7 });
});

test("system, tools and arguments are read by the model too", () => {
  const plain = factsOf({}).textLength;
  expect(factsOf({ system: [{ type: "text", text: "abc" }] }).textLength).toBe(plain + 3);
  const tools = [{ name: "f", input_schema: { type: "object" } }];
  expect(factsOf({ tools })).toMatchObject({ toolCount: 1 });
  expect(factsOf({ tools }).textLength).toBeGreaterThan(plain);
});

test("wishes and claims", () => {
  const facts = factsOf({
    stream: true,
    thinking: { type: "adaptive" },
    output_config: { format: { type: "json_schema", schema: {} } },
    metadata: { user_id: "u", number: 3 },
  });
  expect(facts).toMatchObject({
    stream: true,
    reasoning: true,
    hasSchema: true,
    user: "u",
    metadata: { user_id: "u" },
  });
});

test("a count of tokens needs no output cap", () => {
  const { max_tokens: _cap, ...body } = BODY;
  const hints = { operation: "count_tokens", model: "", stream: undefined } as const;
  expect(read(body, hints)).toMatchObject({ operation: "count_tokens", maxOutputTokens: 0 });
  expect(read({ ...body, stream: true }, hints).stream).toBe(false);
});

describe("what cannot be understood is refused by its path", () => {
  const block = "messages[0].content[0]";
  const cases: [string | undefined, JsonObject][] = [
    ["model", { model: 3 }],
    ["max_tokens", { max_tokens: undefined }],
    ["max_tokens", { max_tokens: 1.5 }],
    ["messages", { messages: [] }],
    ["messages[0].role", { messages: [{ role: "tool", content: "x" }] }],
    ["messages[0].content", { messages: [{ role: "user" }] }],
    ["system", { system: 1 }],
    ["system[0]", { system: ["x"] }],
    [block, message("x")],
    [`${block}.type`, message({ text: "x" })],
    [`${block}.text`, message({ type: "text" })],
    [`${block}.source`, message({ type: "image", source: "x" })],
    [`${block}.input`, message({ type: "tool_use", id: "a", name: "f", input: "{}" })],
    [`${block}.tool_use_id`, message({ type: "tool_result" })],
    [
      `${block}.content[0].text`,
      message({ type: "tool_result", tool_use_id: "a", content: [{ type: "text" }] }),
    ],
    ["tools", { tools: {} }],
    ["tools[0].input_schema", { tools: [{ name: "f" }] }],
    ["temperature", { temperature: "0" }],
    ["stream", { stream: "true" }],
    ["stop_sequences", { stop_sequences: "END" }],
    ["thinking", { thinking: true }],
  ];
  test.each(cases)("%s", (param, given) => {
    expect(refusedField(given)).toBe(param);
  });
});
