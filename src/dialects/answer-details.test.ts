// Details of answers and streams that are easily lost between vendors: counters, ends, places of calls, and
// the grammar that each client insists on. Details of requests stand in `request-details.test.ts`.

import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import { answered, streamed } from "#support/translating.ts";

const CALL = { type: "tool_use", id: "toolu_1", name: "get_weather", input: { b: 1, a: 2 } };

function anthropic(content: Json[], rest: JsonObject = {}): JsonObject {
  return { type: "message", role: "assistant", stop_reason: "end_turn", content, ...rest };
}

function gemini(candidate: JsonObject, rest: JsonObject = {}): JsonObject {
  return { candidates: [{ index: 0, finishReason: "STOP", ...candidate }], ...rest };
}

function choiceOf(reply: JsonObject): JsonObject {
  return asObject(asArray(reply["choices"])[0]) ?? {};
}

describe("cached tokens", () => {
  const usage = {
    input_tokens: 10,
    cache_read_input_tokens: 40,
    cache_creation_input_tokens: 50,
    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
    output_tokens: 7,
  };

  test("are added to the input where vendors count them inside, each once", () => {
    const reply = anthropic([{ type: "text", text: "Hi." }], { usage });
    expect(answered("anthropic-messages", "openai-chat", reply)["usage"]).toMatchObject({
      prompt_tokens: 100,
      total_tokens: 107,
      prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 50 },
    });
    expect(answered("anthropic-messages", "openai-responses", reply)["usage"]).toMatchObject({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 40 },
    });
    expect(answered("anthropic-messages", "gemini-generate", reply)["usageMetadata"]).toMatchObject(
      {
        promptTokenCount: 100,
        cachedContentTokenCount: 40,
      },
    );
  });

  test("are taken out where vendors count them apart", () => {
    const prompt_tokens_details = { cached_tokens: 40 };
    const told = {
      prompt_tokens: 100,
      completion_tokens: 7,
      total_tokens: 107,
      prompt_tokens_details,
    };
    const message = { role: "assistant", content: "Hi." };
    const reply = { choices: [{ index: 0, finish_reason: "stop", message }], usage: told };
    expect(answered("openai-chat", "anthropic-messages", reply)["usage"]).toMatchObject({
      input_tokens: 60,
      cache_read_input_tokens: 40,
    });
  });
});

test("reasoning tokens are output, also where a vendor counts them beside it", () => {
  const message = { role: "assistant", content: "Hi." };
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 26,
    total_tokens: 232,
    completion_tokens_details: { reasoning_tokens: 196 },
  };
  const xai = { choices: [{ index: 0, finish_reason: "stop", message }], usage };
  expect(answered("openai-chat", "anthropic-messages", xai)["usage"]).toMatchObject({
    output_tokens: 222,
    output_tokens_details: { thinking_tokens: 196 },
  });
  const google = gemini(
    { content: { role: "model", parts: [{ text: "Hi." }] } },
    { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 26, thoughtsTokenCount: 196 } },
  );
  expect(answered("gemini-generate", "openai-chat", google)["usage"]).toMatchObject({
    completion_tokens: 222,
    completion_tokens_details: { reasoning_tokens: 196 },
  });
});

test("indexes of calls in a chat stream count the calls alone", () => {
  const block = (index: number, start: JsonObject, delta: JsonObject) => [
    { type: "content_block_start", index, content_block: start },
    { type: "content_block_delta", index, delta },
    { type: "content_block_stop", index },
  ];
  const call = (id: string) => ({ ...CALL, id, input: {} });
  const json = { type: "input_json_delta", partial_json: "{}" };
  const { text } = streamed("anthropic-messages", "openai-chat", [
    { type: "message_start", message: { id: "1", model: "m", usage: {} } },
    ...block(0, { type: "thinking", thinking: "" }, { type: "thinking_delta", thinking: "Hm." }),
    ...block(1, { type: "text", text: "" }, { type: "text_delta", text: "I look." }),
    ...block(2, call("toolu_1"), json),
    ...block(3, call("toolu_2"), json),
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ]);
  const indexes = [...text.matchAll(/"tool_calls":\[\{"index":(\d)/g)].map(([, index]) => index);
  expect(indexes).toEqual(["0", "0", "1", "1"]);
});

describe("the end of an answer", () => {
  test("with a call is a call, whatever the vendor's word for it", () => {
    const parts = [{ functionCall: { name: "f", args: {} } }];
    const reply = gemini({ content: { role: "model", parts } });
    expect(choiceOf(answered("gemini-generate", "openai-chat", reply))["finish_reason"]).toBe(
      "tool_calls",
    );
    expect(answered("gemini-generate", "anthropic-messages", reply)["stop_reason"]).toBe(
      "tool_use",
    );
    expect(answered("gemini-generate", "openai-responses", reply)["status"]).toBe("completed");
  });

  test("that claims a call where there is none is a plain end", () => {
    const reply = anthropic([{ type: "text", text: "Hi." }], { stop_reason: "tool_use" });
    expect(choiceOf(answered("anthropic-messages", "openai-chat", reply))["finish_reason"]).toBe(
      "stop",
    );
  });

  test("at the limit before any content is one choice that was cut", () => {
    const reply = gemini({ content: { role: "model" }, finishReason: "MAX_TOKENS" });
    const chat = answered("gemini-generate", "openai-chat", reply);
    expect(asArray(chat["choices"])).toHaveLength(1);
    expect(choiceOf(chat)["finish_reason"]).toBe("length");
    const claude = answered("gemini-generate", "anthropic-messages", reply);
    expect(claude).toMatchObject({ stop_reason: "max_tokens", content: [] });
    expect(answered("gemini-generate", "openai-responses", reply)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });

  test("by a blocked prompt is no empty success, and says what was blocked", () => {
    const reply = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } };
    const chat = answered("gemini-generate", "openai-chat", reply);
    expect(choiceOf(chat)["finish_reason"]).toBe("content_filter");
    expect(JSON.stringify(chat)).toContain("PROHIBITED_CONTENT");
    const claude = answered("gemini-generate", "anthropic-messages", reply);
    expect(claude["stop_reason"]).toBe("refusal");
    expect(JSON.stringify(claude)).toContain("PROHIBITED_CONTENT");
  });
});

describe("a stream", () => {
  const GEMINI_CALL = [
    gemini({
      finishReason: "STOP",
      content: { role: "model", parts: [{ functionCall: { name: "f", args: { at: "Oslo" } } }] },
    }),
  ];

  test("of Anthropic's names each event, tells whole arguments as deltas, and ends as Anthropic does", () => {
    const { text } = streamed("gemini-generate", "anthropic-messages", GEMINI_CALL);
    const frames = text.trim().split("\n\n");
    for (const frame of frames) expect(frame).toMatch(/^event: (\w+)\ndata: \{"type":"\1"/);
    expect(text).toContain('"type":"input_json_delta","partial_json":"{\\"at\\":\\"Oslo\\"}"');
    expect(text).toContain('"stop_reason":"tool_use"');
    expect(frames.at(-1)).toContain("message_stop");
    expect(text).not.toContain("[DONE]");
  });

  test("of chat tells usage in a chunk without choices, before its end mark", () => {
    const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 4 };
    const chunks = [
      gemini({ content: { role: "model", parts: [{ text: "Hi." }] } }, { usageMetadata }),
    ];
    const { text } = streamed("gemini-generate", "openai-chat", chunks);
    const frames = text.trim().split("\n\n");
    expect(frames.at(-1)).toBe("data: [DONE]");
    expect(frames.at(-2)).toContain('"choices":[]');
    expect(frames.at(-2)).toContain('"prompt_tokens":3');
  });

  test("keeps the name of a call when later deltas repeat it empty", () => {
    const delta = (entry: JsonObject, finish: Json = null) => ({
      id: "1",
      model: "m",
      choices: [{ index: 0, delta: { tool_calls: [entry] }, finish_reason: finish }],
    });
    const { text } = streamed("openai-chat", "anthropic-messages", [
      delta({ index: 0, id: "c", function: { name: "get_weather", arguments: "" } }),
      delta({ index: 0, function: { name: "", arguments: "{}" } }, "tool_calls"),
    ]);
    expect(text).toContain('"name":"get_weather"');
    expect(text).not.toContain('"name":""');
  });
});
