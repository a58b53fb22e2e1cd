// Ollama's chat keeps the contract of dialects, and what is its own.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { NdjsonSplitter } from "#wire/ndjson.ts";
import { dialectContract } from "../contract.ts";
import type { NeutralEvent, NeutralRequest, Part } from "../neutral.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { collectStream, decodeStream } from "../sample-streams.ts";
import { ollamaChat } from "./index.ts";
import { OLLAMA_SAMPLES } from "./samples.ts";

dialectContract(ollamaChat, OLLAMA_SAMPLES);

const { translation } = ollamaChat;
if (translation === undefined) throw new Error("Ollama's chat translates nothing.");

const BARE: NeutralRequest = {
  origin: "anthropic-messages",
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
  const upstream = sampleUpstream({ traits });
  const body = translation?.requestFromNeutral({ ...BARE, ...request }, upstream) ?? {};
  return { body, notices: upstream.notices };
}

describe("a request to Ollama", () => {
  test("says whether it streams, since the server streams unless told otherwise", () => {
    expect(written({}).body["stream"]).toBe(false);
    expect(written({ stream: true }).body["stream"]).toBe(true);
  });

  test("asks for thinking by level where the model has levels, else by a switch", () => {
    const wish = { reasoning: { effort: "max" } } as const;
    expect(written(wish, { reasoning: "level" })).toMatchObject({
      body: { think: "high" },
      notices: ["converted:reasoning_effort"],
    });
    expect(written(wish).body["think"]).toBe(true);
    expect(written({ reasoning: { effort: "none" } }).body["think"]).toBe(false);
    expect(written({ reasoning: { visible: true } }).body["think"]).toBeUndefined();
    const plain = written(wish, { reasoning: "none" });
    expect(plain.body["think"]).toBeUndefined();
    expect(plain.notices).toEqual(["dropped:reasoning"]);
  });

  test("takes options and the time to stay loaded from whoever adds them to a body", () => {
    const extras = new Map<string, NonNullable<JsonObject[string]>>([
      ["options", { num_ctx: 16_384, temperature: 1 }],
      ["keep_alive", -1],
      ["else", 1],
    ]);
    const { body, notices } = written({ extras, sampling: { temperature: 0.2 } });
    expect(body["options"]).toEqual({ num_ctx: 16_384, temperature: 0.2 });
    expect(body["keep_alive"]).toBe(-1);
    expect(notices).toEqual(["dropped:else"]);
  });

  test("holds arguments as objects, and pictures of results in the user's next message", () => {
    const call: Part = { kind: "tool-call", id: "c1", name: "look", argumentsJson: "[1" };
    const source = { from: "base64", mediaType: "image/png", data: "iVBORw0KGgoAAAA" } as const;
    const result: Part = {
      kind: "tool-result",
      callId: "c1",
      name: "look",
      content: [{ kind: "image", source }],
      isError: false,
    };
    const { body, notices } = written({
      turns: [
        ...BARE.turns,
        { role: "assistant", parts: [call] },
        { role: "user", parts: [result] },
      ],
    });
    expect((body["messages"] as JsonObject[]).slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "c1", function: { index: 0, name: "look", arguments: { value: "[1" } } },
        ],
      },
      { role: "tool", content: "", tool_name: "look", tool_call_id: "c1" },
      {
        role: "user",
        content: "Content of the result of call c1:",
        images: ["iVBORw0KGgoAAAA"],
      },
    ]);
    expect(notices).toEqual(["converted:tool_result.content"]);
  });

  test.each<[string, Partial<NeutralRequest>]>([
    ["several answers", { sampling: { choices: 2 } }],
    ["a demand for a call", { tools: [{ name: "a" }], toolChoice: { mode: "required" } }],
    ["a tool of another vendor", { vendorTools: [{ origin: "x", name: "search", value: {} }] }],
    [
      "an image that is elsewhere",
      {
        turns: [
          {
            role: "user",
            parts: [{ kind: "image", source: { from: "url", url: "https://h.example/a.png" } }],
          },
        ],
      },
    ],
  ])("is refused with %s", (_what, request) => {
    expect(() => written(request)).toThrow("cannot be sent to Ollama");
  });
});

describe("a stream of Ollama", () => {
  test("reads the same as lines of JSON, wherever they are cut", () => {
    const [sample] = OLLAMA_SAMPLES.streams;
    const text = sample?.text ?? "";
    const lines = text.replaceAll("data: ", "").replaceAll("\n\n", "\n");
    const bytes = new TextEncoder().encode(lines);
    for (const size of [1, 7, 100, bytes.length]) {
      const splitter = new NdjsonSplitter();
      const decoder = translation.decoder();
      const events: NeutralEvent[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        for (const frame of splitter.push(bytes.slice(at, at + size))) {
          events.push(...decoder.decode(frame));
        }
      }
      expect(events).toEqual(decodeStream(translation, text));
    }
  });

  test("that breaks with an error line is a fault", () => {
    const text = `data: {"message":{"content":"It"},"done":false}\n\ndata: {"error":"llama runner terminated","status":500}\n\n`;
    expect(decodeStream(translation, text).at(-1)).toEqual({
      type: "faulted",
      fault: { status: 500, code: "", message: "llama runner terminated" },
    });
  });

  test("counts calls without ids over all of its lines", () => {
    const call = (name: string) =>
      `data: {"created_at":"2026-01-01T00:00:00Z","message":{"tool_calls":[{"function":{"name":"${name}","arguments":{}}}]}}\n\n`;
    const { choices } = collectStream(
      decodeStream(translation, `${call("a")}${call("b")}data: {"done":true}\n\n`),
    );
    expect(choices[0]?.parts.map((part) => part.kind === "tool-call" && part.id)).toEqual([
      "call_20260101T000000Z_0",
      "call_20260101T000000Z_1",
    ]);
    expect(choices[0]?.stop).toBe("tool_call");
  });
});

test("counters that lack the prompt's are no usage, so that an estimate says so", () => {
  const message = { role: "assistant", content: "Hm." };
  expect(ollamaChat.inspect({ message, done: true, eval_count: 2 }, "generate").usage).toBe(
    undefined,
  );
});
