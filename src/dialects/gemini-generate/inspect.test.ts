// Replies read from the side, model lists, and streams in another framing.

import { expect, test } from "bun:test";
import { inspectReply } from "./inspect.ts";
import { writeModel, writeModelList } from "./models.ts";
import { arrayReframer } from "./reframe.ts";

const candidate = (parts: object[], finishReason: string) => ({
  candidates: [{ content: { parts: JSON.parse(JSON.stringify(parts)) }, finishReason }],
});

test.each([
  [[], "STOP", true],
  [[{ text: "" }], "STOP", true],
  [[{ text: "", thoughtSignature: "c2ln" }], "STOP", true],
  [[{ text: "", thought: true, thoughtSignature: "c2ln" }], "STOP", false],
  [[{ text: "Hi" }], "STOP", false],
  [[{ functionCall: { name: "f" } }], "STOP", false],
  [[{ inlineData: { mimeType: "image/png", data: "" } }], "STOP", false],
  [[], "MAX_TOKENS", false],
  [[], "SAFETY", false],
])("finds %j with %s empty: %p", (parts, finishReason, isEmpty) => {
  const findings = inspectReply(candidate(parts, finishReason), "generate");
  expect(findings).toMatchObject({ empty: isEmpty, fault: undefined });
});

test("finds errors inside a 200 and replies without an answer", () => {
  const error = { code: 429, message: "Later.", status: "RESOURCE_EXHAUSTED" };
  expect(inspectReply([{ error }], "generate").fault).toMatchObject({ status: 429 });
  expect(inspectReply({ usageMetadata: {} }, "generate").fault).toBeDefined();
  expect(inspectReply({ promptFeedback: { blockReason: "SAFETY" } }, "generate")).toMatchObject({
    empty: false,
    stop: "content_filter",
    fault: undefined,
  });
});

test("reads counts", () => {
  expect(inspectReply({ totalTokens: 12 }, "count_tokens").fault).toBeUndefined();
  expect(inspectReply({}, "count_tokens").fault).toBeDefined();
});

test("measures what the model wrote", () => {
  const parts = [
    { text: "12", thought: true },
    { text: "345" },
    { functionCall: { name: "f", args: { a: 1 } } },
  ];
  const { textLength } = inspectReply(candidate(parts, "STOP"), "generate");
  expect(textLength).toBe(2 + 3 + 1 + '{"a":1}'.length);
});

test("lists models as Google does, without limits that nobody knows", () => {
  const facts = { ownedBy: "sluice", inputTokens: 0, outputTokens: 0 };
  const list = writeModelList([
    { ...facts, id: "assistant" },
    { ...facts, id: "openai/gpt-5", inputTokens: 400_000, outputTokens: 128_000 },
  ]);
  expect(list).toMatchObject({
    models: [
      { name: "models/assistant", displayName: "assistant" },
      { name: "models/openai/gpt-5", inputTokenLimit: 400_000, outputTokenLimit: 128_000 },
    ],
  });
  expect(Object(list["models"])[0]).not.toHaveProperty("inputTokenLimit");
});

test("lists what each model is made for", () => {
  const facts = { id: "m", ownedBy: "sluice", inputTokens: 0, outputTokens: 0 };
  const methods = (madeFor?: "embed" | "rerank") =>
    writeModel(madeFor === undefined ? facts : { ...facts, madeFor })[
      "supportedGenerationMethods"
    ] as unknown;
  expect(methods()).toEqual(["generateContent", "streamGenerateContent", "countTokens"]);
  expect(methods("embed")).toEqual(["embedContent", "batchEmbedContents"]);
  expect(methods("rerank")).toEqual([]);
});

test("frames chunks as one array, byte for byte", () => {
  const reframer = arrayReframer();
  const pieces = ['{"a": 1}', "", '{"b":\n2}'].map((data) => reframer.piece(data));
  expect(pieces.join("") + reframer.end()).toBe('[{"a": 1},\r\n{"b":\n2}]');
  expect(arrayReframer().end()).toBe("[]");
});
