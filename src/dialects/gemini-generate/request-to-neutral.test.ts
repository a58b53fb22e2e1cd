// Requests to the neutral form.

import { expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { sampleFacts } from "../sample-contexts.ts";
import { requestToNeutral } from "./request-to-neutral.ts";
import { ENCODED_SENTINEL, sealEnvelope } from "./signatures.ts";

const read = (body: JsonObject) => requestToNeutral(body, sampleFacts());
const USER = { role: "user", parts: [{ text: "Hi" }] };

test("pairs calls and results without ids by order, and says which failed", () => {
  const { turns } = read({
    contents: [
      USER,
      {
        role: "model",
        parts: [
          { functionCall: { name: "look", args: { z: 1, a: 2 } } },
          { functionCall: { name: "look" } },
        ],
      },
      {
        role: "function",
        parts: [
          { text: "Here you are." },
          { functionResponse: { name: "look", response: { result: "a boat" } } },
          { functionResponse: { name: "look", response: { error: "fog", code: 3 } } },
        ],
      },
    ],
  });
  const calls = turns[1]?.parts.map((part) => (part.kind === "tool-call" ? part.id : ""));
  expect(turns[1]?.parts[0]).toMatchObject({ argumentsJson: '{"z":1,"a":2}' });
  expect(turns[2]?.parts).toMatchObject([
    { kind: "tool-result", callId: calls?.[0], isError: false, content: [{ text: "a boat" }] },
    {
      kind: "tool-result",
      callId: calls?.[1],
      isError: true,
      content: [{ text: '{"error":"fog","code":3}' }],
    },
    { kind: "text", text: "Here you are." },
  ]);
});

test("refuses a result that answers nothing, with its path", () => {
  const contents = [{ parts: [{ functionResponse: { name: "look", response: {} } }] }];
  expect(() => read({ contents })).toThrow(
    expect.objectContaining({ extras: { param: "contents[0].parts[0].functionResponse.name" } }),
  );
});

test("puts the pieces of a stream that a client sends back together again", () => {
  const states = [{ origin: "anthropic-messages", kind: "signature", value: "abc" }] as const;
  const sealed = sealEnvelope(states, false);
  const { turns } = read({
    contents: [
      USER,
      { role: "model", parts: [{ text: "Let me ", thought: true }] },
      { role: "model", parts: [{ text: "think.", thought: true }] },
      { role: "model", parts: [{ text: "", thought: true, thoughtSignature: sealed }] },
      { role: "model", parts: [{ text: "A " }] },
      { role: "model", parts: [{ text: "river." }] },
      {
        role: "model",
        parts: [{ functionCall: { name: "f" }, thoughtSignature: ENCODED_SENTINEL }],
      },
    ],
  });
  expect(turns).toHaveLength(2);
  expect(turns[1]?.parts).toMatchObject([
    { kind: "reasoning", text: "Let me think.", redacted: false, providerState: states },
    { kind: "text", text: "A river." },
    { kind: "tool-call", name: "f" },
  ]);
  expect(turns[1]?.parts[2]).not.toHaveProperty("providerState");
});

test("keeps hidden reasoning apart from what can be read", () => {
  const states = [{ origin: "anthropic-messages", kind: "redacted", value: "xyz" }] as const;
  const parts = [
    { text: "open", thought: true },
    { text: "", thought: true, thoughtSignature: sealEnvelope(states, true) },
  ];
  expect(read({ contents: [USER, { role: "model", parts }] }).turns[1]?.parts).toEqual([
    { kind: "reasoning", text: "open", redacted: false },
    { kind: "reasoning", text: "", redacted: true, providerState: states },
  ]);
});

test("knows what only Google can read of media, and writes base64 as others take it", () => {
  const parts = [
    { inlineData: { mimeType: "image/png", data: "a-_b" } },
    { fileData: { mimeType: "image/png", fileUri: "https://example.org/a.png" } },
    { fileData: { fileUri: "https://youtu.be/x" } },
    { fileData: { mimeType: "image/png", fileUri: "what/only/google/knows" } },
    { fileData: { mimeType: "text/plain", fileUri: "files/abc", displayName: "a.txt" } },
  ];
  expect(read({ contents: [{ parts }] }).turns[0]?.parts).toEqual([
    { kind: "image", source: { from: "base64", mediaType: "image/png", data: "a+/b" } },
    {
      kind: "image",
      source: { from: "url", url: "https://example.org/a.png", mediaType: "image/png" },
    },
    {
      kind: "video",
      source: { from: "vendor-file", origin: "gemini-generate", id: "https://youtu.be/x" },
    },
    {
      kind: "image",
      source: {
        from: "vendor-file",
        origin: "gemini-generate",
        id: "what/only/google/knows",
        mediaType: "image/png",
      },
    },
    {
      kind: "file",
      source: {
        from: "vendor-file",
        origin: "gemini-generate",
        id: "files/abc",
        mediaType: "text/plain",
      },
      name: "a.txt",
    },
  ]);
});

test.each([
  [{ mode: "AUTO" }, { mode: "auto" }],
  [{ mode: "NONE" }, { mode: "none" }],
  [{ mode: "any" }, { mode: "required" }],
  [
    { mode: "ANY", allowedFunctionNames: ["f"] },
    { mode: "named", name: "f" },
  ],
  [
    { mode: "ANY", allowed_function_names: ["f", "g"] },
    { mode: "allowed", names: ["f", "g"], required: true },
  ],
  [
    { mode: "VALIDATED", allowedFunctionNames: ["f"] },
    { mode: "allowed", names: ["f"], required: false },
  ],
] as const)("reads the tool choice %j", (functionCallingConfig, choice) => {
  const config = JSON.parse(JSON.stringify(functionCallingConfig));
  const request = read({ contents: [USER], toolConfig: { functionCallingConfig: config } });
  expect(request.toolChoice).toEqual(JSON.parse(JSON.stringify(choice)));
  expect(request.extras.size).toBe(0);
});

test.each([
  [{ thinkingBudget: 0 }, { effort: "none" }],
  [
    { thinkingBudget: -1, includeThoughts: true },
    { adaptive: true, visible: true },
  ],
  [{ thinkingBudget: 2048 }, { budgetTokens: 2048 }],
  [{ thinkingLevel: "low" }, { effort: "low" }],
] as const)("reads the reasoning wish %j", (thinkingConfig, wish) => {
  const request = read({ contents: [USER], generationConfig: { thinkingConfig } });
  expect(request.reasoning).toEqual(JSON.parse(JSON.stringify(wish)));
});

test("refuses an answer form that nobody else has, instead of losing it", () => {
  const generationConfig = { responseMimeType: "text/x.enum", responseSchema: { type: "STRING" } };
  expect(() => read({ contents: [USER], generationConfig })).toThrow(
    expect.objectContaining({ code: "unsupported_feature" }),
  );
});

test("takes instructions as content, as parts alone and as text", () => {
  const texts = [{ kind: "text", text: "Be brief." }];
  for (const systemInstruction of [
    "Be brief.",
    { text: "Be brief." },
    { role: "system", parts: { text: "Be brief." } },
  ]) {
    expect(read({ contents: [USER], systemInstruction }).instructions).toMatchObject(texts);
  }
});

test.each([
  [{ role: "system", parts: [{ text: "x" }] }, "contents[0].role"],
  [{ parts: [{ text: "x", functionCall: { name: "f" } }] }, "contents[0].parts[0]"],
])("refuses the content %j with its path", (content, param) => {
  expect(() => read({ contents: [content] })).toThrow(
    expect.objectContaining({ code: "invalid_request", extras: { param } }),
  );
});
