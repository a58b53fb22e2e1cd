import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { sampleFacts } from "../sample-contexts.ts";
import { vectorContract, vectorUpstream } from "../vectors/contract.ts";
import { embeddings } from "./index.ts";

const HINTS = { operation: "embed", model: "", stream: undefined } as const;
const REPLY = {
  object: "list",
  data: [{ object: "embedding", index: 0, embedding: [0.1, -0.2] }],
  model: "m",
  usage: { prompt_tokens: 8, total_tokens: 8 },
};

vectorContract(embeddings, {
  requests: [
    {
      name: "text",
      body: { model: "m", input: "Hello", encoding_format: "base64", dimensions: 256 },
      hints: HINTS,
    },
    { name: "texts", body: { model: "m", input: ["a", "b"], user: "u" }, hints: HINTS },
    { name: "tokens", body: { model: "m", input: [1, 2, 3] }, hints: HINTS },
    { name: "lists of tokens", body: { model: "m", input: [[1, 2], [3]] }, hints: HINTS },
    {
      name: "what other vendors know",
      body: {
        model: "m",
        input: ["a"],
        input_type: "query",
        title: "t",
        truncate: "START",
        output_dimension: 9,
      },
      hints: HINTS,
    },
  ],
  replies: [{ name: "one vector", body: REPLY }],
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
    [[true], "input[0]"],
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

  test("lets pass what another server may know, and translates nothing of it", () => {
    const body = { model: "m", input: ["a", { content: [{ type: "text", text: "b" }] }] };
    expect(embeddings.read(body, HINTS)).toMatchObject({ messageCount: 2, imageCount: 0 });
    expect(() => embeddings.embedding?.requestToNeutral(body, "m")).toThrow(
      expect.objectContaining({ code: "invalid_request", extras: { param: "input[1]" } }),
    );
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

  test("writes images for nobody who cannot see, and says which input it was", () => {
    const image = { image: "data:image/png;base64,iVBORw0KGgo=" };
    const body = { model: "m", input: ["a", image] };
    expect(embeddings.read(body, HINTS)).toMatchObject({ imageCount: 1, messageCount: 2 });
    const asked = embeddings.embedding?.requestToNeutral(body, "m");
    if (asked === undefined) throw new Error("There is no request.");
    expect(() => embeddings.embedding?.requestFromNeutral(asked, vectorUpstream())).toThrow(
      expect.objectContaining({ code: "unsupported_feature", extras: { param: "input[1]" } }),
    );
  });

  test.each<[JsonObject, string]>([
    [{ dimensions: 0 }, "dimensions"],
    [{ dimensions: "256" }, "dimensions"],
    [{ output_dimension: 1.5 }, "output_dimension"],
    [{ encoding_format: "int8" }, "encoding_format"],
    [{ output_dtype: "float16" }, "output_dtype"],
    [{ truncate: "MIDDLE" }, "truncate"],
    [{ truncation: 1 }, "truncation"],
    [{ input_type: 1 }, "input_type"],
    [{ title: [] }, "title"],
    [{ user: {} }, "user"],
  ])("refuses to translate %j", (fields, param) => {
    const translate = () =>
      embeddings.embedding?.requestToNeutral({ model: "m", input: "a", ...fields }, "m");
    expect(translate).toThrow(
      expect.objectContaining({ code: "invalid_request", extras: { param } }),
    );
  });

  test("gives a client the encoding that it asked for, whatever an imitator sends", () => {
    const wish = (encoding: "float" | "base64") =>
      sampleFacts({ vectors: { encoding, numbers: "float", dimensions: 0 } });
    const floats = { data: [{ index: 0, embedding: [0.5, -0.25] }], extra: 1 };
    const text = { data: [{ index: 0, embedding: "AAAAPwAAgL4=" }], extra: 1 };
    expect(embeddings.embedding?.reencoded?.(floats, wish("base64"))).toEqual(text);
    expect(embeddings.embedding?.reencoded?.(text, wish("float"))).toEqual(floats);
    expect(embeddings.embedding?.reencoded?.(floats, wish("float"))).toBeUndefined();
    expect(embeddings.embedding?.reencoded?.(text, wish("base64"))).toBeUndefined();
  });
});
