// What all dialects of vectors rely on: exact bytes, order, limits, and what is held to be malformed.

import { describe, expect, test } from "bun:test";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import type { VectorWish } from "#core/facts.ts";
import type { EmbeddingLimits } from "../embedding.ts";
import type { EmbeddingVector, NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { base64Of, numbersOf, sizeOf } from "./bytes.ts";
import { checkVectors } from "./check.ts";
import { readEmbeddingList, readInputUsage } from "./list.ts";
import { MOST_CALLS, planCalls, sameForAll } from "./plan-calls.ts";

const numbers = (...values: number[]): EmbeddingVector => ({ form: "numbers", values });
const base64 = (data: string): EmbeddingVector => ({ form: "base64", data });
const FLOATS: VectorWish = { encoding: "float", numbers: "float", dimensions: 0 };

describe("vectors", () => {
  test("are 32-bit floats, little-endian, in base64, and come back exactly", () => {
    expect(base64Of(numbers(1, -2.5, 0.1), "float")).toBe("AACAPwAAIMDNzMw9");
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const text = base64Of(numbers(...values), "float");
        expect(text).toBe(Buffer.from(new Float32Array(values).buffer).toString("base64"));
        expect(numbersOf(base64(text), "float")).toEqual(values);
        expect(sizeOf(base64(text), "float")).toBe(values.length);
      }),
    );
  });

  test("of narrower types take a byte a number, and bits count eight to a number", () => {
    const signed = numbers(-128, -1, 0, 127);
    expect(numbersOf(base64(base64Of(signed, "int8")), "int8")).toEqual([-128, -1, 0, 127]);
    expect(numbersOf(base64("/wA="), "uint8")).toEqual([255, 0]);
    expect(sizeOf(base64("/wA="), "ubinary")).toBe(16);
    expect(sizeOf(signed, "binary")).toBe(32);
    expect(sizeOf(signed, "int8")).toBe(4);
  });

  test.each<[EmbeddingVector, VectorWish["numbers"]]>([
    [base64("AAA="), "float"],
    [base64("not base64!"), "float"],
    [base64(Buffer.from(new Float32Array([Number.NaN]).buffer).toString("base64")), "float"],
    [base64(Buffer.from(new Float32Array([1 / 0]).buffer).toString("base64")), "float"],
    [numbers(1e39), "float"],
    [numbers(0.5), "int8"],
    [numbers(200), "int8"],
    [numbers(-1), "uint8"],
  ])("are malformed: %j as %s", (vector, type) => {
    expect(() => base64Of(vector, type)).toThrow("vector");
  });
});

describe("a list of vectors", () => {
  const entry = (index: unknown, embedding: unknown) => ({ index, embedding });

  test("is put in order by its indexes, or taken as it is without any", () => {
    const shuffled = { data: [entry(2, [3]), entry(0, [1]), entry(1, [2])] };
    const plain = { data: [{ embedding: [1] }, { embedding: [2] }, { embedding: [3] }] };
    for (const body of [shuffled, plain]) {
      const { vectors } = readEmbeddingList(body as never);
      expect(vectors).toEqual([numbers(1), numbers(2), numbers(3)]);
    }
  });

  test.each([
    ["twice the same index", [entry(0, [1]), entry(0, [2])]],
    ["an index beyond the end", [entry(0, [1]), entry(2, [2])]],
    ["an index below 0", [entry(-1, [1])]],
    ["an index that is none", [entry("0", [1])]],
    ["only some indexes", [entry(0, [1]), { embedding: [2] }]],
    ["no vector", [entry(0, null)]],
    ["an empty vector", [entry(0, [])]],
    ["null for a number", [entry(0, [1, null])]],
    ["text for a number", [entry(0, ["1"])]],
    ["nested lists", [entry(0, [[1, 2]])]],
    ["something else", ["x"]],
  ])("is malformed with %s", (_what, data) => {
    expect(() => readEmbeddingList({ data } as never)).toThrow("The");
  });

  test("has its tokens as prompt or as total, and as neither when they are no counters", () => {
    expect(readInputUsage({ prompt_tokens: 3, total_tokens: 3 })?.inputTokens).toBe(3);
    expect(readInputUsage({ total_tokens: 4 })?.inputTokens).toBe(4);
    expect(readInputUsage({ prompt_tokens: 3, total_tokens: 5 })?.inputTokens).toBe(5);
    for (const told of [undefined, null, {}, { total_tokens: "4" }, { prompt_tokens: -1 }]) {
      expect(readInputUsage(told as never)).toBeUndefined();
    }
  });
});

describe("vectors are held to what was asked", () => {
  test.each([
    ["too few", [numbers(1)], 2, FLOATS, "1 embeddings for 2 inputs"],
    ["too many", [numbers(1), numbers(2)], 1, FLOATS, "2 embeddings for 1 inputs"],
    ["different lengths", [numbers(1), numbers(1, 2)], 2, FLOATS, "different lengths"],
    ["another size", [numbers(1, 2)], 1, { ...FLOATS, dimensions: 3 }, "2 dimensions and 3"],
  ] as const)("%s", (_what, vectors, inputs, wish, message) => {
    expect(() => checkVectors(vectors, inputs, wish)).toThrow(message);
  });

  test("and let pass when they fit, in whatever form they came", () => {
    const wish = { ...FLOATS, dimensions: 2 };
    checkVectors([numbers(1, 2), base64(base64Of(numbers(3, 4), "float"))], 2, wish);
    checkVectors([numbers(1)], 1, { encoding: "float", numbers: "ubinary", dimensions: 8 });
  });
});

describe("a batch", () => {
  const request = (...purposes: (string | undefined)[]): NeutralEmbeddingRequest => ({
    origin: "x",
    model: "m",
    inputs: purposes.map((purpose, index) => ({
      parts: [{ kind: "text", text: String(index) }],
      path: `input[${index}]`,
      ...(purpose !== undefined && { purpose }),
    })),
    wish: FLOATS,
    truncation: { mode: "none", isAsked: false },
    extras: new Map(),
  });
  const plan = (asked: NeutralEmbeddingRequest, limits: EmbeddingLimits) =>
    planCalls(asked, limits).map(({ positions }) => positions);

  test("is cut where the vendor's limit is, in order", () => {
    const asked = request(...Array.from({ length: 5 }, () => undefined));
    expect(plan(asked, { maxInputs: 2 })).toEqual([[0, 1], [2, 3], [4]]);
    expect(plan(asked, { maxInputs: 5 })).toEqual([[0, 1, 2, 3, 4]]);
  });

  test("is cut by its tokens, too, an input that is too long alone in its request", () => {
    const asked = request(...Array.from({ length: 4 }, () => undefined));
    const long = asked.inputs.map((input, index) => ({
      ...input,
      parts: [{ kind: "text" as const, text: "x".repeat(index === 2 ? 300 : 90) }],
    }));
    const limits = { maxInputs: 9, maxTokens: 60 };
    expect(plan({ ...asked, inputs: long }, limits)).toEqual([[0, 1], [2], [3]]);
  });

  test("is sorted by what a vendor says once for all", () => {
    const asked = request("a", "b", "a", undefined, "b");
    const limits = { maxInputs: 2, group: sameForAll };
    expect(plan(asked, limits)).toEqual([[0, 2], [1, 4], [3]]);
    for (const { request: each } of planCalls(asked, limits)) {
      expect(new Set(each.inputs.map(({ purpose }) => purpose)).size).toBe(1);
    }
  });

  test("of any shape loses no input and doubles none", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", undefined), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (purposes, maxInputs) => {
          const calls = planCalls(request(...purposes), { maxInputs, group: sameForAll });
          const places = calls.flatMap(({ positions }) => positions);
          expect(places.toSorted((one, other) => one - other)).toEqual([...purposes.keys()]);
          for (const { positions, request: each } of calls) {
            expect(each.inputs.length).toBeLessThanOrEqual(maxInputs);
            expect(each.inputs.map(({ path }) => path)).toEqual(
              positions.map((position) => `input[${position}]`),
            );
          }
        },
      ),
    );
  });

  test("that would take too many requests is refused, with what fits", () => {
    const asked = request(...Array.from({ length: MOST_CALLS + 1 }, () => undefined));
    expect(() => planCalls(asked, { maxInputs: 1 })).toThrow(
      expect.objectContaining({ code: "unsupported_feature" }),
    );
    expect(plan(asked, { maxInputs: 2 })).toHaveLength(MOST_CALLS / 2 + 1);
  });
});
