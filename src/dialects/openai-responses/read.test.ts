// The facts of a request.

import { describe, expect, test } from "bun:test";
import type { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { readResponses } from "./read.ts";

function read(body: JsonObject, operation: "generate" | "count_tokens" = "generate") {
  return readResponses({ model: "m", ...body }, { operation, model: "", stream: undefined });
}

function refusalOf(body: JsonObject): Pick<GatewayError, "code" | "extras"> | undefined {
  try {
    read(body);
    return undefined;
  } catch (thrown) {
    return thrown as GatewayError;
  }
}

test("a text is one message", () => {
  expect(read({ input: "Hello" })).toMatchObject({ textLength: 5, messageCount: 1, toolCount: 0 });
});

test("what the model reads is counted, and what it cannot read is not", () => {
  const facts = read({
    instructions: "12345",
    input: [
      {
        role: "user",
        content: [
          { type: "input_text", text: "123" },
          { type: "input_image", image_url: "data:image/png;base64,AAAA" },
          { type: "input_file", file_data: "AAAA" },
        ],
      },
      { type: "reasoning", summary: [{ text: "12" }], encrypted_content: "x".repeat(1000) },
      { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "a", output: "1234" },
    ],
  });
  expect(facts).toMatchObject({ textLength: 17, imageCount: 1, fileCount: 1, messageCount: 4 });
});

test("what only the vendor can judge is left to it", () => {
  const odd = [
    { role: "critic", content: null },
    { type: "function_call_output", output: "x" },
    { type: "brand_new" },
    { type: "item_reference", id: "msg_1" },
    { id: "msg_1" },
  ];
  expect(read({ input: odd }).messageCount).toBe(5);
  expect(read({ input: [] }).messageCount).toBe(0);
});

test("wishes are seen", () => {
  const facts = read({
    input: "x",
    stream: true,
    max_output_tokens: 50,
    reasoning: { effort: "low" },
    text: { format: { type: "json_object" } },
    safety_identifier: "user-1",
    metadata: { team: "a", size: 3 },
  });
  expect(facts).toMatchObject({
    stream: true,
    wantsUsage: true,
    maxOutputTokens: 50,
    reasoning: true,
    hasSchema: true,
    user: "user-1",
    metadata: { team: "a" },
  });
  expect(read({ input: "x", reasoning: { effort: "none" } }).reasoning).toBe(false);
  expect(read({ input: "x", stream: true }, "count_tokens").stream).toBe(false);
});

test("only tools that are no plain functions are remembered by name", () => {
  const plain = { type: "function", name: "f" };
  expect(read({ input: "x", tools: [plain] }).echo).toBeUndefined();
  const facts = read({
    input: "x",
    temperature: 0.5,
    tools: [
      plain,
      { type: "custom", name: "sql" },
      { type: "namespace", name: "crm", tools: [plain] },
    ],
  });
  expect(facts.echo).toEqual({
    settings: { temperature: 0.5 },
    tools: [
      ["sql", "custom", "sql", ""],
      ["crm__f", "function", "f", "crm"],
    ],
  });
});

describe("what is refused", () => {
  test.each([
    [{}, "input"],
    [{ input: [1] }, "input[0]"],
    [{ input: [{ role: "user", content: 1 }] }, "input[0].content"],
    [{ input: [{ role: "user", content: ["x"] }] }, "input[0].content[0]"],
    [{ input: [{ type: "function_call_output", output: 1 }] }, "input[0].output"],
    [{ input: [{ type: 1 }] }, "input[0].type"],
    [{ input: "x", max_output_tokens: 0 }, "max_output_tokens"],
    [{ input: "x", tools: ["x"] }, "tools[0]"],
    [{ input: "x", reasoning: "high" }, "reasoning"],
  ])("%j for %s", (body, param) => {
    expect(refusalOf(body as JsonObject)).toMatchObject({
      code: "invalid_request",
      extras: { param },
    });
  });
});

test("what is asked of a router stands apart from the other facts", () => {
  const facts = read({
    model: "assistant",
    input: "x",
    models: ["router/other"],
    provider: { only: ["a"] },
  });
  expect(facts.routerWishes).toEqual({ members: ["models", "provider"], models: ["router/other"] });
  expect(Object.keys(facts)).not.toContain("members");
  expect(read({ model: "assistant", input: "x" }).routerWishes).toBeUndefined();
});
