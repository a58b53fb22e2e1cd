import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Json } from "#core/json.ts";
import { SseSplitter } from "#wire/sse.ts";
import { dialectContract } from "../contract.ts";
import type { NeutralEvent } from "../neutral.ts";
import { openaiCompletions } from "./index.ts";

const HINTS = { operation: "complete", model: "", stream: undefined } as const;
const REPLY = {
  id: "c",
  object: "text_completion",
  choices: [{ text: " there", index: 0, logprobs: null, finish_reason: "stop" }],
  usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 },
};

dialectContract(openaiCompletions, {
  requests: [
    { name: "text", body: { model: "m", prompt: "Hello", max_tokens: 5 }, hints: HINTS },
    { name: "texts", body: { model: "m", prompt: ["a", "b"], n: 2, user: "u" }, hints: HINTS },
    { name: "tokens", body: { model: "m", prompt: [1, 2, 3] }, hints: HINTS },
    { name: "nothing", body: { model: "m" }, hints: HINTS },
    {
      name: "stream",
      body: { model: "m", prompt: "a", stream: true, suffix: "z", echo: true },
      hints: HINTS,
    },
  ],
  replies: [{ name: "one choice", body: REPLY }],
  streams: [],
});

function decoded(text: string): NeutralEvent[] {
  const decoder = openaiCompletions.decoder?.();
  if (decoder === undefined) throw new Error("There are streams.");
  const frames = new SseSplitter().push(new TextEncoder().encode(text));
  return frames.flatMap((frame) => [...decoder.decode(frame)]);
}

describe("text completions", () => {
  test.each<[Json, number, number, number]>([
    ["Hello", 5, 1, 1],
    [["a", "bc"], 3, 2, 2],
    [[1, 2, 3], 12, 1, 1],
    [[[1, 2], [3]], 12, 2, 2],
    [null, 0, 1, 1],
  ])("count the prompt %j", (prompt, textLength, messageCount, choices) => {
    const facts = openaiCompletions.read({ model: "m", prompt }, HINTS);
    expect(facts).toMatchObject({ textLength, messageCount, choices });
  });

  test.each<[Json, string]>([
    [5, "prompt"],
    [{ a: 1 }, "prompt"],
    [["a", 5], "prompt"],
    [[[1.5]], "prompt"],
  ])("refuse the prompt %j", (prompt, param) => {
    try {
      openaiCompletions.read({ model: "m", prompt }, HINTS);
      throw new Error("It was accepted.");
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).extras.param).toBe(param);
    }
  });

  test("are empty only where they stopped by themselves", () => {
    const reply = (text: string, finish_reason: string) =>
      openaiCompletions.inspect({ choices: [{ text, index: 0, finish_reason }] }, "complete");
    expect(reply("", "stop")).toMatchObject({ empty: true, stop: "end" });
    expect(reply("", "length")).toMatchObject({ empty: false, stop: "max_tokens" });
    expect(reply("a", "stop")).toMatchObject({ empty: false, textLength: 1 });
    expect(
      openaiCompletions.inspect({ error: { message: "No." } }, "complete").fault,
    ).toMatchObject({
      message: "No.",
    });
  });

  test("stream text, stop, usage and end", () => {
    const chunk = (body: object) => `data: ${JSON.stringify(body)}\n\n`;
    const events = decoded(
      `: comment\n\n${chunk({ choices: [{ text: "a", index: 1, finish_reason: null }] })}` +
        chunk({ choices: [{ text: "", index: 1, finish_reason: "length" }] }) +
        chunk({ choices: [], usage: REPLY.usage }) +
        "data: {broken\n\ndata: [DONE]\n\ndata: {}\n\n",
    );
    expect(events).toMatchObject([
      { type: "part-delta", choice: 1, text: "a" },
      { type: "choice-ended", choice: 1, stop: "max_tokens" },
      { type: "usage", usage: { inputTokens: 2, outputTokens: 1 } },
      { type: "unreadable" },
      { type: "message-ended" },
    ]);
    expect(decoded(chunk({ error: { message: "No." } }))).toMatchObject([{ type: "faulted" }]);
  });
});
