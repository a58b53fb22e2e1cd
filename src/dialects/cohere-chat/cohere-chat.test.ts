// Cohere's chat keeps the contract of dialects, and what is its own.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import type { NeutralRequest, Part } from "../neutral.ts";
import { sampleClient, sampleUpstream } from "../sample-contexts.ts";
import { collectStream, decodeStream, grammarFaults } from "../sample-streams.ts";
import { cohereChat } from "./index.ts";
import { COHERE_SAMPLES } from "./samples.ts";

dialectContract(cohereChat, COHERE_SAMPLES);

const { translation } = cohereChat;
if (translation === undefined) throw new Error("Cohere's chat translates nothing.");

const BARE: NeutralRequest = {
  origin: "openai-chat",
  model: "m",
  stream: false,
  instructions: [],
  turns: [{ role: "user", parts: [{ kind: "text", text: "Go on." }] }],
  tools: [],
  vendorTools: [],
  sampling: {},
  extras: new Map(),
};

function written(request: Partial<NeutralRequest>, traits = {}) {
  const upstream = sampleUpstream({ traits: { reasoning: "budget", ...traits } });
  const body = translation?.requestFromNeutral({ ...BARE, ...request }, upstream) ?? {};
  return { body, notices: upstream.notices };
}

describe("a request to Cohere", () => {
  test("names a tool by leaving out the others", () => {
    const tools = [{ name: "a" }, { name: "b" }];
    const { body, notices } = written({ tools, toolChoice: { mode: "named", name: "b" } });
    expect(body["tools"]).toEqual([{ type: "function", function: { name: "b" } }]);
    expect(body["tool_choice"]).toBe("REQUIRED");
    expect(notices).toEqual(["emulated:tool_choice"]);
    const auto = written({ tools, toolChoice: { mode: "auto" } });
    expect(auto.body["tool_choice"]).toBeUndefined();
  });

  test("says a plan where words stand beside calls, and content elsewhere", () => {
    const call: Part = { kind: "tool-call", id: "c1", name: "a", argumentsJson: "{}" };
    const said: Part = { kind: "text", text: "I will look." };
    const turns: NeutralRequest["turns"] = [
      ...BARE.turns,
      {
        role: "assistant",
        parts: [{ kind: "reasoning", text: "Hm.", redacted: false }, said, call],
      },
      {
        role: "user",
        parts: [{ kind: "tool-result", callId: "c1", name: "a", content: [], isError: true }],
      },
    ];
    const { body, notices } = written({ turns });
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [{ type: "thinking", thinking: "Hm." }],
      tool_plan: "I will look.",
      tool_calls: [{ id: "c1", type: "function", function: { name: "a", arguments: "{}" } }],
    });
    expect((body["messages"] as JsonObject[])[2]).toEqual({
      role: "tool",
      tool_call_id: "c1",
      content: "Error: the call failed.",
    });
    expect(notices).toEqual(["converted:tool_result.is_error"]);
  });

  test("gives documents a list of their own", () => {
    const source = { from: "text", mediaType: "text/plain", text: "Paris is a capital." } as const;
    const parts: Part[] = [
      { kind: "file", source, name: "towns.txt" },
      { kind: "text", text: "Which?" },
    ];
    const { body, notices } = written({ turns: [{ role: "user", parts }] });
    expect(body["documents"]).toEqual([
      { id: "document-1", data: { title: "towns.txt", text: "Paris is a capital." } },
    ]);
    expect(body["messages"]).toEqual([{ role: "user", content: "Which?" }]);
    expect(notices).toEqual(["converted:document"]);
  });

  test("asks for thinking as far as Cohere can be asked", () => {
    expect(written({ reasoning: { effort: "high" } })).toEqual({
      body: expect.objectContaining({ thinking: { type: "enabled" } }),
      notices: ["converted:reasoning_effort"],
    });
    expect(written({ reasoning: { effort: "none" } }).body["thinking"]).toEqual({
      type: "disabled",
    });
    const plain = written({ reasoning: { effort: "high" } }, { reasoning: "none" });
    expect(plain.body["thinking"]).toBeUndefined();
    expect(plain.notices).toEqual(["dropped:reasoning"]);
  });

  test("brings sampling into the ranges that Cohere takes, and says so", () => {
    const sampling = { topP: 1, topK: 600, presencePenalty: -0.5, frequencyPenalty: 0.5 };
    const { body, notices } = written({ sampling });
    expect(body).toMatchObject({ p: 0.99, k: 500, presence_penalty: 0, frequency_penalty: 0.5 });
    expect(notices).toEqual(["clamped:top_p", "clamped:top_k", "clamped:presence_penalty"]);
  });

  test.each<[string, Partial<NeutralRequest>]>([
    ["several answers", { sampling: { choices: 2 } }],
    ["log probabilities", { sampling: { logprobs: { top: 2 } } }],
    ["tools together with JSON", { tools: [{ name: "a" }], responseFormat: { kind: "json" } }],
    ["a tool of another vendor", { vendorTools: [{ origin: "x", name: "search", value: {} }] }],
    [
      "an answer that goes on",
      { turns: [...BARE.turns, { role: "assistant", parts: [{ kind: "text", text: "It" }] }] },
    ],
  ])("is refused with %s", (_what, request) => {
    expect(() => written(request)).toThrow("cannot be sent to Cohere");
  });
});

describe("a reply of Cohere", () => {
  test("is counted by tokens, and by what is billed only where nothing else is told", () => {
    const usage = (value: JsonObject) =>
      cohereChat.inspect({ message: { content: [] }, usage: value }, "generate").usage;
    const billed_units = { input_tokens: 5, output_tokens: 2 };
    const tokens = { input_tokens: 100, output_tokens: 9 };
    expect(usage({ billed_units, tokens, cached_tokens: 60 })).toMatchObject({
      inputTokens: 40,
      cacheReadTokens: 60,
      outputTokens: 9,
    });
    expect(usage({ billed_units })).toMatchObject({ inputTokens: 5, outputTokens: 2 });
    expect(usage({ tokens: { input_tokens: -1 } })).toBeUndefined();
    expect(usage({})).toBeUndefined();
  });

  test.each([
    ["COMPLETE", "end"],
    ["STOP_SEQUENCE", "stop_sequence"],
    ["MAX_TOKENS", "max_tokens"],
    ["ERROR_TOXIC", "content_filter"],
    ["ERROR", "error"],
    ["TIMEOUT", "error"],
    ["TOOL_CALL", "end"],
    ["SOMETHING_NEW", "unknown"],
  ])("that stops with %s stops with %s", (word, stop) => {
    const message = { role: "assistant", content: [{ type: "text", text: "Hm." }] };
    const { stop: read } = cohereChat.inspect({ message, finish_reason: word }, "generate");
    expect<string>(read).toBe(stop);
  });

  test("tells an error in a body that says 200", () => {
    const { fault } = cohereChat.inspect({ id: "x", message: "model overloaded" }, "generate");
    expect(fault?.message).toBe("model overloaded");
  });

  test("cites documents by their passages, which others can read", () => {
    const [sample] = COHERE_SAMPLES.replies;
    const reply = translation.replyToNeutral(sample?.body ?? {});
    const part = reply.choices[0]?.parts[1];
    expect(part?.kind === "text" && part.citations?.shared).toEqual([
      {
        source: { kind: "document", id: "doc-1", title: "Towns" },
        passage: { start: 13, end: 18, unit: "code-points" },
      },
    ]);
  });

  test("takes citations of other vendors as far as they are known", () => {
    const passage = { start: 3, end: 8, unit: "utf-16" } as const;
    const source = { kind: "web", url: "https://h.example", title: "H" } as const;
    const citations = { origin: "openai-chat", items: [], shared: [{ source, passage }] };
    const parts: Part[] = [{ kind: "text", text: "🗼 Paris.", citations }];
    const choice = { index: 0, parts, stop: "end", vendorStop: "stop" } as const;
    const body = translation.replyFromNeutral(
      { origin: "x", id: "r", model: "m", createdAt: 0, choices: [choice], usage: undefined },
      sampleClient(),
    );
    expect((body["message"] as JsonObject)["citations"]).toEqual([
      {
        start: 2,
        end: 7,
        text: "Paris",
        sources: [
          {
            type: "document",
            id: "https://h.example",
            document: { url: "https://h.example", title: "H" },
          },
        ],
        content_index: 0,
        type: "TEXT_CONTENT",
      },
    ]);
  });
});

describe("a stream of Cohere", () => {
  const frame = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
  const callFrame = (step: string, index: number, call: object) =>
    frame({ type: `tool-call-${step}`, index, delta: { message: { tool_calls: call } } });

  test("whose calls take turns keeps each of them whole", () => {
    const text =
      callFrame("start", 0, { id: "a", function: { name: "one", arguments: "" } }) +
      callFrame("start", 1, { id: "b", function: { name: "two", arguments: "" } }) +
      callFrame("delta", 1, { function: { arguments: '{"x":' } }) +
      callFrame("delta", 0, { function: { arguments: "null" } }) +
      callFrame("delta", 1, { function: { arguments: "1}" } }) +
      frame({ type: "message-end", delta: { finish_reason: "TOOL_CALL" } });
    const events = decodeStream(translation, text);
    expect(grammarFaults(events)).toEqual([]);
    expect(collectStream(events).choices[0]).toMatchObject({
      stop: "tool_call",
      parts: [
        { kind: "tool-call", id: "a", name: "one", argumentsJson: "{}" },
        { kind: "tool-call", id: "b", name: "two", argumentsJson: '{"x":1}' },
      ],
    });
  });

  test("that ends with an error is a fault, whatever came before", () => {
    const text =
      frame({ type: "content-delta", index: 0, delta: { message: { content: { text: "It" } } } }) +
      frame({ type: "message-end", delta: { finish_reason: "ERROR", error: "out of memory" } });
    expect(decodeStream(translation, text).at(-1)).toEqual({
      type: "faulted",
      fault: { status: 0, code: "ERROR", message: "out of memory" },
    });
  });
});
