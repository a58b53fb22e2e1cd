// Details of requests that are easily lost between vendors: state that has to come back, results and ids of
// tools, choices, schemas, and all that is dropped with a word. Details of answers stand in
// `answer-details.test.ts`.

import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import { adaptedFor, answered, asked } from "#support/translating.ts";

const CALL = { type: "tool_use", id: "toolu_1", name: "get_weather", input: { b: 1, a: 2 } };
const TOOL = { name: "get_weather", input_schema: { type: "object", properties: {} } };

function anthropic(content: Json[], rest: JsonObject = {}): JsonObject {
  return { type: "message", role: "assistant", stop_reason: "end_turn", content, ...rest };
}

function gemini(candidate: JsonObject, rest: JsonObject = {}): JsonObject {
  return { candidates: [{ index: 0, finishReason: "STOP", ...candidate }], ...rest };
}

describe("state that a vendor wants back", () => {
  // Each client sends what it got as its history; `square.test.ts` walks all ways.
  test("is kept where there is nothing to read: signatures alone, and redacted thinking", () => {
    const signed = { type: "thinking", thinking: "", signature: "c2lnbmF0dXJl+/=" };
    const redacted = { type: "redacted_thinking", data: "cmVkYWN0ZWQ=" };
    const reply = anthropic([signed, redacted, { type: "text", text: "42" }]);
    for (const to of ["openai-chat", "openai-responses", "gemini-generate"] as const) {
      const given = JSON.stringify(answered("anthropic-messages", to, reply));
      expect(given).toContain("42");
      const back = adaptedFor("anthropic-messages", to, answered("anthropic-messages", to, reply));
      expect(JSON.stringify(back)).toContain(JSON.stringify(signed));
      expect(JSON.stringify(back)).toContain(JSON.stringify(redacted));
    }
  });

  test("is never sent to another vendor, nor made up for one", () => {
    const thinking = { type: "thinking", thinking: "Hm.", signature: "c2lnbmF0dXJl" };
    const messages = [
      { role: "user", content: "Hi." },
      { role: "assistant", content: [thinking, { type: "text", text: "42" }] },
      { role: "user", content: "And?" },
    ];
    for (const to of ["openai-chat", "openai-responses", "gemini-generate"] as const) {
      const { body, notices } = asked("anthropic-messages", to, { max_tokens: 9, messages });
      expect(JSON.stringify(body)).not.toContain("c2lnbmF0dXJl");
      expect(notices.join()).toContain("dropped:");
    }
  });

  test("stays on the exact part of Gemini's: the first of parallel calls, or an empty text", () => {
    const parts = [
      { functionCall: { name: "f", args: { at: "Oslo" } }, thoughtSignature: "c2lnbmVk" },
      { functionCall: { name: "f", args: { at: "Rome" } } },
      { text: "", thoughtSignature: "bGFzdA==" },
    ];
    const reply = gemini({ content: { role: "model", parts } });
    for (const to of ["openai-chat", "openai-responses", "anthropic-messages"] as const) {
      const sent = adaptedFor("gemini-generate", to, answered("gemini-generate", to, reply));
      const turn = asArray(sent["contents"])
        .map(asObject)
        .find((one) => one?.["role"] === "model");
      const got = asArray(turn?.["parts"]).map((part) => asObject(part) ?? {});
      const signedCalls = got.filter((part) => part["functionCall"] && part["thoughtSignature"]);
      expect(signedCalls).toHaveLength(1);
      expect(signedCalls[0]).toMatchObject({ thoughtSignature: "c2lnbmVk" });
      expect(asObject(signedCalls[0]?.["functionCall"])?.["args"]).toEqual({ at: "Oslo" });
    }
  });

  test("of OpenAI's reasoning stands before the call that it led to", () => {
    const reasoning = {
      type: "reasoning",
      id: "rs_1",
      summary: [],
      encrypted_content: "ZW5jcnlwdGVk",
    };
    const call = {
      type: "function_call",
      id: "fc_1",
      call_id: "call_1",
      name: "f",
      arguments: "{}",
    };
    const reply = { object: "response", status: "completed", output: [reasoning, call] };
    for (const to of ["openai-chat", "anthropic-messages", "gemini-generate"] as const) {
      const sent = adaptedFor("openai-responses", to, answered("openai-responses", to, reply));
      const items = asArray(sent["input"]).map((item) => asObject(item) ?? {});
      const at = items.findIndex((item) => item["encrypted_content"] === "ZW5jcnlwdGVk");
      expect(at).toBeGreaterThan(-1);
      expect(items[at + 1]).toMatchObject({ type: "function_call", call_id: "call_1" });
    }
  });
});

describe("results of tools", () => {
  const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
  const chat = [
    { role: "user", content: "Hi." },
    { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
    { role: "tool", tool_call_id: "a", content: "1" },
    { role: "tool", tool_call_id: "b", content: "2" },
    { role: "user", content: "And?" },
  ];

  test("of parallel calls are one message of Anthropic's, before any text", () => {
    const { body } = asked("openai-chat", "anthropic-messages", { model: "m", messages: chat });
    const last = asObject(asArray(body["messages"]).at(-1));
    const types = asArray(last?.["content"]).map((block) => asObject(block)?.["type"]);
    expect(types).toEqual(["tool_result", "tool_result", "text"]);
  });

  test("keep their pictures as pictures, behind all results where they cannot hold them", () => {
    const source = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
    const picture = { type: "image", source };
    const result = { type: "tool_result", tool_use_id: "toolu_1", content: [picture] };
    const other = { type: "tool_result", tool_use_id: "toolu_2", content: "sun" };
    const messages = [
      { role: "user", content: "Hi." },
      { role: "assistant", content: [CALL, { ...CALL, id: "toolu_2" }] },
      { role: "user", content: [result, other] },
    ];
    const request = { max_tokens: 9, messages };
    const features = { images_in_tool_results: "none" } as const;
    const { body } = asked("anthropic-messages", "openai-chat", request, { features });
    const written = asArray(body["messages"]).map((message) => asObject(message) ?? {});
    expect(written.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool", "user"]);
    const url = "data:image/png;base64,iVBORw0KGgo=";
    expect(asArray(written[4]?.["content"]).at(-1)).toEqual({
      type: "image_url",
      image_url: { url },
    });
    expect(JSON.stringify(written.slice(0, 4))).not.toContain("iVBORw0KGgo=");
  });

  test("that failed say so, by a flag or in words", () => {
    const result = { type: "tool_result", tool_use_id: "toolu_1", is_error: true, content: "gone" };
    const messages = [
      { role: "user", content: "Hi." },
      { role: "assistant", content: [CALL] },
      { role: "user", content: [result] },
    ];
    const request = { max_tokens: 9, messages };
    const google = asked("anthropic-messages", "gemini-generate", request);
    expect(JSON.stringify(google.body)).toContain('"response":{"error":"gone"}');
    const openai = asked("anthropic-messages", "openai-chat", request);
    expect(JSON.stringify(openai.body)).toContain('"Error: gone"');
    expect(openai.notices).toContain("converted:tool_result.is_error");
  });

  test("and their calls keep one id that the vendor takes", () => {
    const odd = chat.map((message) =>
      "tool_call_id" in message && message.tool_call_id === "a"
        ? { ...message, tool_call_id: "a:1" }
        : "tool_calls" in message
          ? { ...message, tool_calls: [call("a:1"), call("b")] }
          : message,
    );
    const { body } = asked("openai-chat", "anthropic-messages", { model: "m", messages: odd });
    const ids = [...JSON.stringify(body).matchAll(/"(?:id|tool_use_id)":"([^"]*)"/g)];
    expect(ids).toHaveLength(4);
    expect(ids[0]?.[1]).toMatch(/^[\w-]+$/);
    expect(ids[0]?.[1]).toBe(ids[2]?.[1] ?? "");
  });
});

describe("the choice among tools", () => {
  const request = (tool_choice: JsonObject): JsonObject => {
    return {
      max_tokens: 9,
      messages: [{ role: "user", content: "Hi." }],
      tools: [TOOL],
      tool_choice,
    };
  };

  test.each<[JsonObject, Json, Json]>([
    [{ type: "auto" }, "auto", { mode: "AUTO" }],
    [{ type: "none" }, "none", { mode: "NONE" }],
    [{ type: "any" }, "required", { mode: "ANY" }],
    [
      { type: "tool", name: "get_weather" },
      { type: "function", function: { name: "get_weather" } },
      { mode: "ANY", allowedFunctionNames: ["get_weather"] },
    ],
  ])("%j is said in every vendor's words", (choice, chat, google) => {
    const openai = asked("anthropic-messages", "openai-chat", request(choice));
    expect(openai.body["tool_choice"]).toEqual(chat);
    const { body } = asked("anthropic-messages", "gemini-generate", request(choice));
    expect(asObject(body["toolConfig"])?.["functionCallingConfig"]).toEqual(google);
  });

  test("keeps the wish for one call at a time, or says that it is lost", () => {
    const choice = { type: "auto", disable_parallel_tool_use: true };
    const openai = asked("anthropic-messages", "openai-chat", request(choice));
    expect(openai.body["parallel_tool_calls"]).toBe(false);
    const google = asked("anthropic-messages", "gemini-generate", request(choice));
    expect(google.notices).toContain("dropped:parallel_tool_calls");
  });
});

test("sampling that a reasoning model refuses is left out, and said to be", () => {
  const request = { model: "m", messages: [{ role: "user", content: "Hi." }], temperature: 0.2 };
  const features = { temperature: "none" } as const;
  const { body, notices } = asked("openai-chat", "anthropic-messages", request, { features });
  expect(body["temperature"]).toBeUndefined();
  expect(notices).toContain("dropped:temperature");
});

test("a schema for the answer is the vendor's own, with nothing of it lost", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };
  const json_schema = { name: "answer", schema, strict: true };
  const response_format = { type: "json_schema", json_schema };
  const request = { model: "m", messages: [{ role: "user", content: "Hi." }], response_format };
  const claude = asked("openai-chat", "anthropic-messages", request).body["output_config"];
  expect(claude).toEqual({ format: { type: "json_schema", schema } });
  const google = asked("openai-chat", "gemini-generate", request).body["generationConfig"];
  expect(asObject(google)?.["responseMimeType"]).toBe("application/json");
  expect(asObject(asObject(google)?.["responseJsonSchema"])?.["required"]).toEqual(["a"]);
});

test("what a prompt cache rests on stays: order of tools, and arguments as they were written", () => {
  const messages = [
    { role: "user", content: "Hi." },
    { role: "assistant", content: [CALL] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "x" }] },
  ];
  const tools = ["z", "a", "m"].map((name) => ({ ...TOOL, name }));
  const { body } = asked("anthropic-messages", "openai-chat", { max_tokens: 9, messages, tools });
  const names = asArray(body["tools"]).map(
    (tool) => asObject(asObject(tool)?.["function"])?.["name"],
  );
  expect(names).toEqual(["z", "a", "m"]);
  expect(JSON.stringify(body)).toContain('"arguments":"{\\"b\\":1,\\"a\\":2}"');
});

test("instructions of a developer, content in a list and text beside calls all arrive", () => {
  const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const messages = [
    { role: "developer", content: [{ type: "text", text: "Be terse." }] },
    { role: "user", content: [{ type: "text", text: "Hi." }] },
    { role: "assistant", content: "I look.", tool_calls: [call] },
    { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "sun" }] },
  ];
  const { body } = asked("openai-chat", "anthropic-messages", { model: "m", messages });
  expect(body["system"]).toBe("Be terse.");
  const turn = asObject(asArray(body["messages"])[1]);
  const types = asArray(turn?.["content"]).map((block) => asObject(block)?.["type"]);
  expect(types).toEqual(["text", "tool_use"]);
});

test("members that nobody knows are announced by their name", () => {
  const request = { max_tokens: 9, messages: [{ role: "user", content: "Hi." }], phase: "x" };
  const { notices } = asked("anthropic-messages", "gemini-generate", request);
  expect(notices).toContain("dropped:phase");
});
