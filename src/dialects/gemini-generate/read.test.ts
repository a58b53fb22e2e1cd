// Facts of calls.

import { expect, test } from "bun:test";
import type { CallHints } from "../dialect.ts";
import { readCall } from "./read.ts";

const HINTS: CallHints = { operation: "generate", model: "gemini-3-flash", stream: true };
const CONTENTS = [{ role: "user", parts: [{ text: "Hi" }] }];

test("counts text, media and tools in either spelling", () => {
  const facts = readCall(
    {
      system_instruction: { parts: [{ text: "12345" }] },
      contents: [
        {
          parts: [
            { text: "123" },
            { inline_data: { mime_type: "image/png", data: "AAAA" } },
            { fileData: { mimeType: "audio/mpeg", fileUri: "gs://b/a.mp3" } },
            { fileData: { mimeType: "video/mp4", fileUri: "gs://b/v.mp4" } },
            { thoughtSignature: "U2lnbmF0dXJl", functionCall: { name: "f" } },
          ],
        },
        { functionResponse: {}, parts: { functionResponse: { response: { a: 1 } } } },
      ],
      tools: { functionDeclarations: [{ name: "f" }], googleSearch: {} },
      generation_config: {
        max_output_tokens: "100",
        candidate_count: 2,
        responseMimeType: "application/json",
      },
      labels: { team: "boats", number: 1 },
    },
    HINTS,
  );
  const tools = '{"functionDeclarations":[{"name":"f"}],"googleSearch":{}}';
  expect(facts).toEqual({
    operation: "generate",
    dialect: "gemini-generate",
    model: "gemini-3-flash",
    stream: true,
    wantsUsage: true,
    textLength: 5 + 3 + '{"name":"f"}'.length + '{"a":1}'.length + tools.length,
    maxOutputTokens: 100,
    choices: 2,
    messageCount: 2,
    toolCount: 2,
    imageCount: 1,
    audioCount: 1,
    fileCount: 1,
    hasSchema: true,
    reasoning: false,
    user: "",
    metadata: { team: "boats" },
  });
});

test("sees that reasoning was asked for, and that it was refused", () => {
  const ask = (thinkingConfig: { [key: string]: number | string }) =>
    readCall({ contents: CONTENTS, generationConfig: { thinkingConfig } }, HINTS).reasoning;
  expect(ask({ thinkingLevel: "LOW" })).toBe(true);
  expect(ask({ thinkingBudget: -1 })).toBe(true);
  expect(ask({ thinking_budget: 0 })).toBe(false);
});

test("reads what a counting call counts", () => {
  const hints: CallHints = { operation: "count_tokens", model: "", stream: undefined };
  const request = { model: "models/gemini-3-flash", contents: CONTENTS };
  const facts = readCall({ generate_content_request: request }, hints);
  expect(facts).toMatchObject({ model: "gemini-3-flash", textLength: 2, stream: false });
  expect(() => readCall({ contents: CONTENTS, generateContentRequest: request }, hints)).toThrow(
    "not both",
  );
});

test.each([
  [{}, "contents"],
  [{ contents: [] }, "contents"],
  [{ contents: ["text"] }, "contents[0]"],
  [{ contents: [{ parts: [{}, 7] }] }, "contents[0].parts[1]"],
  [{ contents: [{ parts: [{ text: 7 }] }] }, "contents[0].parts[0].text"],
  [
    { contents: CONTENTS, generationConfig: { maxOutputTokens: 1.5 } },
    "generationConfig.maxOutputTokens",
  ],
  [
    { contents: CONTENTS, generationConfig: { maxOutputTokens: 1, max_output_tokens: 9 } },
    "generationConfig.maxOutputTokens",
  ],
])("names the field at fault in %j", (body, param) => {
  expect(() => readCall(body, HINTS)).toThrow(
    expect.objectContaining({ code: "invalid_request", extras: { param } }),
  );
});
