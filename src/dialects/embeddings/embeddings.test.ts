import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Json } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import { embeddings } from "./index.ts";

const HINTS = { operation: "embed", model: "", stream: undefined } as const;
const REPLY = {
  object: "list",
  data: [{ object: "embedding", index: 0, embedding: [0.1, -0.2] }],
  model: "m",
  usage: { prompt_tokens: 8, total_tokens: 8 },
};

dialectContract(embeddings, {
  requests: [
    {
      name: "text",
      body: { model: "m", input: "Hello", encoding_format: "base64", dimensions: 256 },
      hints: HINTS,
    },
    { name: "texts", body: { model: "m", input: ["a", "b"], user: "u" }, hints: HINTS },
    { name: "tokens", body: { model: "m", input: [1, 2, 3] }, hints: HINTS },
    { name: "lists of tokens", body: { model: "m", input: [[1, 2], [3]] }, hints: HINTS },
  ],
  replies: [{ name: "one vector", body: REPLY }],
  streams: [],
});

describe("embeddings", () => {
  test.each<[Json, number, number]>([
    ["Hello", 1, 5],
    [["a", "bc"], 2, 3],
    [[1, 2, 3], 1, 9],
    [[[1, 2], [3]], 2, 9],
  ])("counts the inputs of %j", (input, messageCount, textLength) => {
    expect(embeddings.read({ model: "m", input }, HINTS)).toMatchObject({
      messageCount,
      textLength,
      operation: "embed",
    });
  });

  test.each<[Json, string]>([
    ["", "input"],
    [[], "input"],
    [[""], "input[0]"],
    [["a", 5], "input[1]"],
    [[1, "a"], "input"],
    [[1.5], "input"],
    [[[]], "input[0]"],
    [{ a: 1 }, "input"],
    [null, "input"],
  ])("refuses the input %j", (input, param) => {
    try {
      embeddings.read({ model: "m", input }, HINTS);
      throw new Error("It was accepted.");
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).extras.param).toBe(param);
    }
  });

  test("reads the usage and sees whether there are vectors", () => {
    expect(embeddings.inspect(REPLY, "embed")).toMatchObject({
      usage: { inputTokens: 8, outputTokens: 0 },
      empty: false,
      fault: undefined,
    });
    expect(embeddings.inspect({ ...REPLY, data: [] }, "embed").empty).toBe(true);
    expect(embeddings.inspect({ error: { message: "No." } }, "embed").fault?.message).toBe("No.");
  });
});
