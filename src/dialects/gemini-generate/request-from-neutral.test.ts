// Requests of other dialects for Gemini.

import { expect, test } from "bun:test";
import { all } from "#core/features.ts";
import type { ModelTraits } from "../dialect.ts";
import type { NeutralRequest, Part, Turn } from "../neutral.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";

const USER: Turn = { role: "user", parts: [{ kind: "text", text: "Hi" }] };

function request(given: Partial<NeutralRequest> = {}): NeutralRequest {
  return {
    origin: "openai-chat",
    model: "m",
    stream: false,
    instructions: [],
    turns: [USER],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    ...given,
  };
}

function write(given: Partial<NeutralRequest>, traits: Partial<ModelTraits> = {}) {
  const context = sampleUpstream({
    traits: { reasoning: "budget", ...traits },
    stateOrigins: ["gemini", "gemini-generate"],
    model: "gemini-x",
  });
  const body = requestFromNeutral(request(given), context);
  return { body, notices: context.notices };
}

const assistant = (...parts: Part[]): Turn => ({ role: "assistant", parts });
const call = (id: string, argumentsJson = "{}"): Part => ({
  kind: "tool-call",
  id,
  name: "look",
  argumentsJson,
});
const result = (callId: string, given: Partial<Part & { kind: "tool-result" }> = {}): Part => ({
  kind: "tool-result",
  callId,
  name: "",
  content: [{ kind: "text", text: "a boat" }],
  isError: false,
  ...given,
});

test("merges turns of one role, so that all results of a turn stand in one content", () => {
  const { body, notices } = write({
    instructions: [{ kind: "text", text: "Be brief." }],
    turns: [
      USER,
      assistant(call("c1", '{"b":1,"a":2}'), call("c2")),
      { role: "user", parts: [result("c2")] },
      { role: "user", parts: [result("c1", { isError: true })] },
      { role: "system", parts: [{ kind: "text", text: "Hurry." }] },
    ],
  });
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      { role: "user", parts: [{ text: "Hi" }] },
      {
        role: "model",
        parts: [
          { functionCall: { id: "c1", name: "look", args: { b: 1, a: 2 } } },
          { functionCall: { id: "c2", name: "look", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "c2", name: "look", response: { result: "a boat" } } },
          { functionResponse: { id: "c1", name: "look", response: { error: "a boat" } } },
          { text: "<system>\nHurry.\n</system>" },
        ],
      },
    ],
  });
  expect(notices).toEqual(["converted:system_turn"]);
});

test("signs the first call of a turn that no Gemini model made, where levels demand it", () => {
  const state = { origin: "gemini-generate", kind: "signature", value: "c2ln" } as const;
  const foreign = { origin: "openai-chat", kind: "encrypted", value: "secret" } as const;
  const turns = [
    USER,
    assistant({ ...call("c1"), providerState: [state] }, call("c2")),
    { role: "user", parts: [result("c1"), result("c2")] },
    assistant({ ...call("c3"), providerState: [foreign] }, call("c4")),
  ] as const;
  const signatures = (body: unknown) => JSON.stringify(body).match(/"thoughtSignature":"[^"]*"/g);
  const leveled = write({ turns }, { reasoning: "level" });
  expect(signatures(leveled.body)).toEqual([
    '"thoughtSignature":"c2ln"',
    '"thoughtSignature":"skip_thought_signature_validator"',
  ]);
  expect(leveled.notices).toEqual(["dropped:provider_state", "emulated:thought_signature"]);
  expect(signatures(write({ turns }).body)).toEqual(['"thoughtSignature":"c2ln"']);
});

test("drops reasoning of other models and sends Gemini's own back", () => {
  const reasoning = { kind: "reasoning", text: "hm", redacted: false } as const;
  const state = { origin: "gemini-generate", kind: "signature", value: "c2ln" } as const;
  const turn = assistant(reasoning, { ...reasoning, providerState: [state] });
  const { body, notices } = write({ turns: [USER, turn] });
  expect(body["contents"]).toMatchObject([
    { role: "user" },
    { role: "model", parts: [{ text: "hm", thought: true, thoughtSignature: "c2ln" }] },
  ]);
  expect(notices).toEqual(["dropped:reasoning"]);
});

test("lets raw state put nothing into a part that a reader of the request did not see", () => {
  const value = JSON.stringify({
    part: { text: "hidden", function_call: {}, videoMetadata: { fps: 1 } },
  });
  const providerState = [{ origin: "gemini-generate", kind: "raw", value }] as const;
  const turn: Turn = { role: "user", parts: [{ kind: "text", text: "seen", providerState }] };
  expect(write({ turns: [turn] }).body["contents"]).toEqual([
    { role: "user", parts: [{ text: "seen", videoMetadata: { fps: 1 } }] },
  ]);
});

test("wraps arguments that are no object and says so", () => {
  const turns = [USER, assistant(call("c1", "[1"), call("c2", "null"), call("c3", '"x"'))];
  const { body, notices } = write({ turns });
  const written = JSON.stringify(body).match(/"args":\{[^}]*\}/g);
  expect(written).toEqual(['"args":{"arguments":"[1"}', '"args":{}', '"args":{"arguments":"x"}']);
  expect(notices).toEqual(["converted:tool_arguments", "converted:tool_arguments"]);
});

test("puts pictures into a result where the model takes them, and refuses them elsewhere", () => {
  const source = { from: "base64", mediaType: "image/png", data: "AAAA" } as const;
  const content = [
    { kind: "text", text: "see" },
    { kind: "image", source },
  ] as const;
  const turns = [
    USER,
    assistant(call("c1")),
    { role: "user", parts: [result("c1", { content })] },
  ] as const;
  expect(write({ turns }).body["contents"]).toMatchObject([
    {},
    {},
    {
      parts: [
        { functionResponse: { parts: [{ inlineData: { mimeType: "image/png", data: "AAAA" } }] } },
      ],
    },
  ]);
  expect(() => write({ turns }, { features: all("none", "images_in_tool_results") })).toThrow(
    "in a tool result",
  );
});

test.each([
  [{ from: "url", url: "https://example.org/a.png" }, "by its address"],
  [{ from: "vendor-file", origin: "openai-chat", id: "file-1" }, "at another vendor"],
] as const)("refuses the picture %j", (source, message) => {
  const turn: Turn = { role: "user", parts: [{ kind: "image", source }] };
  expect(() => write({ turns: [turn] }, { features: all("none", "media_urls") })).toThrow(message);
});

test.each([
  ["https://example.org/a.png?size=1", undefined, "image/png"],
  ["https://example.org/a", undefined, "image/jpeg"],
  ["https://example.org/a.png", "image/webp", "image/webp"],
] as const)("lets a model that can fetch %s, and tells its type", (url, mediaType, mimeType) => {
  const source = { from: "url", url, ...(mediaType && { mediaType }) } as const;
  const { body } = write({ turns: [{ role: "user", parts: [{ kind: "image", source }] }] });
  const contents = [{ role: "user", parts: [{ fileData: { mimeType, fileUri: url } }] }];
  expect(body["contents"]).toEqual(contents);
});

test.each(["gs://bucket/a.png", "https://generativelanguage.googleapis.com/v1beta/files/a1"])(
  "lets Google read its own store: %s",
  (url) => {
    const turn: Turn = { role: "user", parts: [{ kind: "image", source: { from: "url", url } }] };
    expect(write({ turns: [turn] }).body["contents"]).toEqual([
      { role: "user", parts: [{ fileData: { fileUri: url } }] },
    ]);
  },
);

test("gives schemas as JSON schema, so that nothing is lost", () => {
  const schema = { $ref: "#/$defs/A", $defs: { A: { type: ["string", "null"], const: "x" } } };
  const { body } = write({
    tools: [{ name: "first_tool", parameters: schema, strict: true }],
    responseFormat: { kind: "schema", name: "answer", schema },
  });
  expect(body).toMatchObject({
    tools: [{ functionDeclarations: [{ name: "first_tool", parametersJsonSchema: schema }] }],
    toolConfig: { functionCallingConfig: { mode: "VALIDATED" } },
    generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
  });
  expect(() =>
    write(
      { responseFormat: { kind: "schema", name: "a", schema } },
      { features: all("none", "json_schema") },
    ),
  ).toThrow("cannot hold its answer");
});

test("refuses tools of another vendor", () => {
  const tool = { origin: "anthropic-messages", name: "web_search_20250305", value: {} };
  expect(() => write({ vendorTools: [tool] })).toThrow(
    expect.objectContaining({ code: "unsupported_feature" }),
  );
});

test("maps what Gemini has and announces what it has not", () => {
  const { body, notices } = write({
    maxOutputTokens: 100,
    parallelToolCalls: false,
    user: "u1",
    metadata: { a: "b" },
    serviceTier: "default",
    sampling: {
      temperature: 1,
      topK: 5,
      seed: 3,
      presencePenalty: 0.5,
      choices: 2,
      stop: ["1", "2", "3", "4", "5", "6"],
      logitBias: { "50256": -100 },
      logprobs: { top: 2 },
    },
    extras: new Map([["verbosity", "low"]]),
  });
  expect(body).toMatchObject({
    generationConfig: {
      maxOutputTokens: 100,
      temperature: 1,
      topK: 5,
      seed: 3,
      presencePenalty: 0.5,
      candidateCount: 2,
      stopSequences: ["1", "2", "3", "4", "5"],
      responseLogprobs: true,
      logprobs: 2,
    },
    serviceTier: "standard",
  });
  expect([...notices].sort()).toEqual([
    "clamped:stop",
    "dropped:logit_bias",
    "dropped:metadata",
    "dropped:parallel_tool_calls",
    "dropped:user",
    "dropped:verbosity",
  ]);
});

test.each([
  ["budget", { effort: "high" }, { thinkingBudget: 24_576 }, []],
  ["budget", { effort: "none" }, { thinkingBudget: 0 }, []],
  ["budget", { adaptive: true, visible: true }, { thinkingBudget: -1, includeThoughts: true }, []],
  ["budget", { effort: "max" }, { thinkingBudget: 24_576 }, ["clamped:reasoning_effort"]],
  ["level", { effort: "medium" }, { thinkingLevel: "MEDIUM" }, []],
  ["level", { effort: "none" }, { thinkingLevel: "MINIMAL" }, ["clamped:reasoning_effort"]],
  [
    "level",
    { budgetTokens: 4000 },
    { thinkingLevel: "MEDIUM", includeThoughts: true },
    ["converted:reasoning_budget"],
  ],
  [
    "budget",
    { budgetTokens: 9, visible: false },
    { thinkingBudget: 9, includeThoughts: false },
    [],
  ],
  ["none", { effort: "low" }, undefined, ["dropped:reasoning"]],
  ["none", { effort: "none" }, undefined, []],
] as const)("asks a model with reasoning %s for %j", (reasoning, wish, config, expected) => {
  const { body, notices } = write({ reasoning: wish }, { reasoning });
  const written = body["generationConfig"];
  expect(written).toEqual(config === undefined ? undefined : { thinkingConfig: { ...config } });
  expect([...notices]).toEqual([...expected]);
});

test("answers instructions that stand alone", () => {
  const { body, notices } = write({ turns: [], instructions: [{ kind: "text", text: "Say hi." }] });
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: "Say hi." }] },
    contents: [{ role: "user", parts: [{ text: "" }] }],
  });
  expect(notices).toEqual(["emulated:user_message"]);
});
