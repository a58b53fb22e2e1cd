// Small schemas that stand for endless work or text: refused in good time, by themselves and in number.

import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "#core/json.ts";
import { convertSchema } from "./convert.ts";
import { Effort } from "./effort.ts";
import { COHERE_ANSWER, OPENAI_STRICT_TOOL } from "./profiles.ts";

const LEVELS = 40;

/** Two to the fortieth merges. */
function fanningOut(): JsonObject {
  const steps = Array.from({ length: LEVELS }, (_, step) => {
    const next = { $ref: `#/$defs/s${step + 1}` };
    return [`s${step}`, { allOf: [next, next] }];
  });
  const last = [`s${LEVELS}`, { type: "object" }];
  return { $ref: "#/$defs/s0", $defs: Object.fromEntries([...steps, last]) };
}

function numbered(count: number, make: (index: number) => Json): JsonObject {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${index}`, make(index)]),
  );
}

/** One list of words, written out nine hundred times. */
function repeated(): JsonObject {
  const words = Array.from({ length: 5_000 }, (_, index) => `word ${index}`);
  const properties = numbered(900, () => ({ $ref: "#/$defs/words" }));
  return { type: "object", properties, $defs: { words: { enum: words } } };
}

/** One large object, merged into itself three thousand times. */
function merged(): JsonObject {
  const large = { properties: numbered(10_000, () => ({ type: "string" })) };
  const allOf = Array.from({ length: 3_000 }, () => ({ $ref: "#/$defs/large" }));
  return { type: "object", allOf, $defs: { large } };
}

/** The name with some of its letters encoded: by 490 spellings of the same place. */
function spelt(): JsonObject {
  const spelling = (bits: number) =>
    [..."abcdefghij"].map((letter, place) =>
      (bits >> place) & 1 ? `%${letter.charCodeAt(0).toString(16)}` : letter,
    );
  const anyOf = Array.from({ length: 490 }, (_, bits) => ({
    $ref: `#/$defs/${spelling(bits).join("")}`,
  }));
  const large = Array.from({ length: 50_000 }, () => ({}));
  return { type: "object", anyOf, $defs: { abcdefghij: { enum: large } } };
}

const told = (work: () => unknown): string => {
  try {
    work();
    return "converted";
  } catch (thrown) {
    return String(thrown);
  }
};

describe("a schema that stands for more than it says", () => {
  test.each([
    ["merges without end", fanningOut(), COHERE_ANSWER],
    ["the same list again and again", repeated(), COHERE_ANSWER],
    ["large merges", merged(), OPENAI_STRICT_TOOL],
    ["one place in many spellings", spelt(), COHERE_ANSWER],
  ])(
    "%s: is refused",
    (_what, schema, profile) => {
      expect(told(() => convertSchema(schema, profile))).toContain("stand for so much");
    },
    4_000,
  );

  test("costs no more when a request has many of them", () => {
    const effort = new Effort();
    const all = Array.from({ length: 300 }, () =>
      told(() => convertSchema(fanningOut(), COHERE_ANSWER, effort)),
    );
    expect(all.every((text) => text.includes("stand for so much"))).toBe(true);
  }, 4_000);
});

test("a large schema that says everything once is converted", () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `a word of some length ${index}`);
  const properties = numbered(900, () => ({ type: "string", description: "One of many." }));
  const schema: JsonObject = { type: "object", properties: { ...properties, w: { enum: words } } };
  expect(Object.keys(convertSchema(schema, COHERE_ANSWER).schema)).toContain("properties");
});
