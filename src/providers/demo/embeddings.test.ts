// Embeddings of the demo provider.

import { describe, expect, test } from "bun:test";
import { Buffer } from "node:buffer";
import { asArray, asObject, type Json, type JsonObject } from "#core/json.ts";
import { embeddingReply } from "./embeddings.ts";

function vectors(body: JsonObject): number[][] {
  return asArray(embeddingReply({ model: "embed", ...body })["data"]).map(
    (entry) => asArray(asObject(entry)?.["embedding"]) as number[],
  );
}

function vector(input: Json, options: JsonObject = {}): number[] {
  return vectors({ input, ...options })[0] ?? [];
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

describe("demo embeddings", () => {
  test("are unit vectors, always the same for the same text", () => {
    for (const text of ["hello", "a longer text with many words", "汉字", "!"]) {
      const made = vector(text);
      expect(made).toHaveLength(256);
      expect(dot(made, made)).toBeCloseTo(1, 5);
      expect(vector(text)).toEqual(made);
    }
  });

  test("are alike for texts that share words", () => {
    const cat = vector("the cat sat on the mat");
    expect(dot(cat, vector("the cat lay on the mat"))).toBeGreaterThan(0.6);
    expect(dot(cat, vector("quarterly revenue grew strongly"))).toBeLessThan(0.4);
  });

  test("have the dimensions that were asked for", () => {
    expect(vector("hello", { dimensions: 8 })).toHaveLength(8);
    expect(dot(vector("a b", { dimensions: 1 }), vector("a b", { dimensions: 1 }))).toBe(1);
  });

  test("say the same in base64 and as numbers", () => {
    const reply = embeddingReply({ model: "embed", input: "hello", encoding_format: "base64" });
    const entry = asObject(asArray(reply["data"])[0]);
    const bytes = Buffer.from(String(entry?.["embedding"]), "base64");
    const numbers = Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
    expect(numbers).toEqual(vector("hello"));
  });

  test("come one for each input, in order, with the tokens counted", () => {
    const reply = embeddingReply({ model: "embed", input: ["one two", "three"] });
    const data = asArray(reply["data"]).map((entry) => asObject(entry)?.["index"]);
    expect(data).toEqual([0, 1]);
    expect(reply["usage"]).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    expect(reply["object"]).toBe("list");
  });

  test("take token numbers, one list or many", () => {
    expect(vectors({ input: [1, 2, 3] })).toHaveLength(1);
    expect(vectors({ input: [[1, 2], [3]] })).toHaveLength(2);
    expect(vector([1, 2])).toEqual(vector("1 2"));
  });

  test.each<JsonObject>([
    {},
    { input: "" },
    { input: [] },
    { input: [""] },
    { input: [1.5] },
    { input: {} },
    { input: [["a"]] },
    { input: "a", dimensions: 0 },
    { input: "a", dimensions: 1e9 },
    { input: "a", dimensions: 1.5 },
    { input: "a", encoding_format: "int8" },
    { input: Array.from({ length: 2049 }, () => "a") },
    { input: "a ".repeat(8193) },
  ])("refuse a request that is wrong", (body) => {
    expect(() => embeddingReply(body)).toThrow();
  });
});
