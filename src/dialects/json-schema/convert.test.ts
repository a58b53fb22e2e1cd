// Schemas as vendors take them, rule by rule; the promises over all schemas are held by the fuzz test.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { convertSchema } from "./convert.ts";
import {
  ANTHROPIC_ANSWER,
  COHERE_ANSWER,
  GEMINI_ANSWER,
  OPENAI_STRICT_ANSWER,
  OPENAI_STRICT_TOOL,
  PLAIN_TOOL,
} from "./profiles.ts";
import { restoreText, restoringOf } from "./restore.ts";

const NODE = {
  type: "object",
  properties: { next: { $ref: "#/$defs/node" }, name: { type: "string" } },
  required: ["name"],
};

function refusal(schema: JsonObject, profile = ANTHROPIC_ANSWER): GatewayError {
  try {
    convertSchema(schema, profile);
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error("It was not refused.");
}

describe("references", () => {
  test("stay where the vendor takes them", () => {
    const schema = {
      type: "object",
      properties: { n: { $ref: "#/$defs/node" } },
      $defs: { node: NODE },
    };
    expect(convertSchema(schema, PLAIN_TOOL).schema).toEqual(schema);
  });

  test("are written out where it does not", () => {
    const schema = {
      type: "object",
      properties: { from: { $ref: "#/$defs/a~1b%20c" }, to: { $ref: "#/definitions/d" } },
      $defs: { "a/b c": { type: "string" } },
      definitions: { d: { type: "integer" } },
    };
    expect(convertSchema(schema, GEMINI_ANSWER).schema).toEqual({
      type: "object",
      properties: { from: { type: "string" }, to: { type: "integer" } },
    });
  });

  test("to itself are kept with just the definitions that they need, or refused", () => {
    const schema = {
      type: "object",
      properties: { tree: { $ref: "#/$defs/node" }, flat: { $ref: "#/$defs/flat" } },
      $defs: { node: NODE, flat: { type: "string" }, unused: {} },
    };
    const { schema: made } = convertSchema(schema, GEMINI_ANSWER);
    expect(made["properties"]).toEqual({
      tree: { $ref: "#/$defs/recursive_1" },
      flat: { type: "string" },
    });
    expect(Object.keys(made["$defs"] as JsonObject)).toEqual(["recursive_1"]);
    expect(refusal(schema).message).toContain("a schema within itself");
    expect(refusal(schema, COHERE_ANSWER).code).toBe("unsupported_feature");
  });

  test("at the root are opened where the root must be an object", () => {
    const schema = { $ref: "#/$defs/node", $defs: { node: NODE } };
    const { schema: made } = convertSchema(schema, OPENAI_STRICT_TOOL);
    expect(made["type"]).toBe("object");
    expect(made["required"]).toEqual(["next", "name"]);
  });

  test("that multiply without end are refused in good time", () => {
    const steps = Array.from({ length: 40 }, (_, step): [string, JsonObject] => {
      const next = { $ref: `#/$defs/s${step + 1}` };
      return [`s${step}`, { type: "object", properties: { a: next, b: next } }];
    });
    const bomb = { $ref: "#/$defs/s0", $defs: { ...Object.fromEntries(steps), s40: {} } };
    expect(refusal(bomb, GEMINI_ANSWER).code).toBe("unsupported_feature");
  });

  test("that lead nowhere are refused where they would have to be written out", () => {
    const schema = { type: "object", properties: { a: { $ref: "https://a.example/b.json" } } };
    expect(refusal(schema, GEMINI_ANSWER).message).toContain("leads nowhere");
    expect(convertSchema(schema, PLAIN_TOOL).schema).toEqual(schema);
  });
});

describe("OpenAI's strict rules", () => {
  const schema = {
    type: "object",
    properties: {
      city: { type: "string" },
      unit: { type: "string", enum: ["C", "F"] },
      days: { type: "array", items: { type: "object", properties: { day: { type: "string" } } } },
    },
    required: ["city"],
  };

  test("close every object, require every property and keep their order", () => {
    const { schema: made, hasNulls, isWidened } = convertSchema(schema, OPENAI_STRICT_TOOL);
    expect(made).toEqual({
      type: "object",
      properties: {
        city: { type: "string" },
        unit: { anyOf: [{ type: "string", enum: ["C", "F"] }, { type: "null" }] },
        days: {
          type: ["array", "null"],
          items: {
            type: "object",
            properties: { day: { type: ["string", "null"] } },
            required: ["day"],
            additionalProperties: false,
          },
        },
      },
      required: ["city", "unit", "days"],
      additionalProperties: false,
    });
    expect(Object.keys(made["properties"] as JsonObject)).toEqual(["city", "unit", "days"]);
    expect(hasNulls).toBe(true);
    expect(isWidened).toBe(false);
  });

  test("are taken back in the answer: what is null was left out", () => {
    const restoring = restoringOf(schema, convertSchema(schema, OPENAI_STRICT_TOOL));
    if (restoring === undefined) throw new Error("There is something to restore.");
    const answer = '{"city":"Rome","unit":null,"days":[{"day":null},{"day":"Mon"}]}';
    expect(JSON.parse(restoreText(answer, restoring))).toEqual({
      city: "Rome",
      days: [{}, { day: "Mon" }],
    });
    expect(restoreText("no JSON", restoring)).toBe("no JSON");
  });

  test("leave nulls that the caller asked for", () => {
    const nullable = {
      type: "object",
      properties: { a: { type: ["string", "null"] }, b: { anyOf: [{ type: "null" }, {}] } },
    };
    const restoring = {
      original: nullable,
      isWrapped: false,
      hasNulls: true,
    };
    expect(restoreText('{"a":null,"b":null}', restoring)).toBe('{"a":null,"b":null}');
  });

  test("wrap an answer that is no object, and unwrap it", () => {
    const list = { type: "array", items: { type: "integer" } };
    const made = convertSchema(list, OPENAI_STRICT_ANSWER);
    expect(made.schema["properties"]).toEqual({ value: list });
    const restoring = restoringOf(list, made);
    expect(restoring && restoreText('{"value":[1]}', restoring)).toBe("[1]");
  });

  test("cannot say a map, which is told", () => {
    const map = { type: "object", additionalProperties: { type: "string" } };
    expect(convertSchema(map, OPENAI_STRICT_TOOL)).toMatchObject({
      isNarrowed: true,
      losses: [{ place: "", keyword: "additionalProperties", effect: "narrowed" }],
    });
  });
});

describe("what a vendor does not know", () => {
  test("is told to the model in words, and reported by place and keyword", () => {
    const schema = {
      type: "object",
      properties: {
        secret_name: { type: "integer", minimum: 3, maximum: 7, description: "How many." },
      },
    };
    const { schema: made, losses } = convertSchema(schema, ANTHROPIC_ANSWER);
    expect(made["properties"]).toEqual({
      secret_name: { type: "integer", description: "How many. (at least 3; at most 7)" },
    });
    // Names of properties are the caller's: the report numbers them.
    expect(losses).toEqual([
      { place: "properties[0]", keyword: "minimum", effect: "widened" },
      { place: "properties[0]", keyword: "maximum", effect: "widened" },
    ]);
  });

  test("is reported up to a bound", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`p${index}`, { type: "string", minLength: 1 }]),
    );
    const { losses, unlisted } = convertSchema(
      { type: "object", properties, required: Object.keys(properties) },
      ANTHROPIC_ANSWER,
    );
    expect([losses.length, unlisted]).toEqual([32, 68]);
  });

  test.each([
    ["oneOf becomes anyOf", { oneOf: [{ type: "string" }] }, { anyOf: [{ type: "string" }] }],
    ["const becomes a list of one", { const: 5 }, { enum: [5] }],
    [
      "allOf is merged",
      { allOf: [{ type: "integer", minimum: 1 }, { minimum: 2 }] },
      { type: "integer", minimum: 2 },
    ],
  ])("%s", (_what, given, expected) => {
    expect(convertSchema(given as JsonObject, GEMINI_ANSWER).schema).toEqual(expected);
  });

  test("at the root of a tool is one object with all that the choices name", () => {
    const schema = {
      anyOf: [
        { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
        { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } },
      ],
    };
    expect(convertSchema(schema, PLAIN_TOOL).schema).toEqual({
      type: "object",
      properties: {
        id: { anyOf: [{ type: "string" }, { type: "integer" }] },
        name: { type: "string" },
      },
    });
  });

  test("in number is refused: depth, size, properties that may be left out", () => {
    let deep: JsonObject = {};
    for (let level = 0; level < 200; level += 1) deep = { type: "array", items: deep };
    expect(refusal(deep, GEMINI_ANSWER).message).toContain("levels");
    const properties = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`p${index}`, {}]),
    );
    expect(refusal({ type: "object", properties }).message).toContain("optional");
  });
});

test("names that objects inherit are properties like others", () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string","minLength":1},"constructor":{}}}',
  ) as JsonObject;
  const { schema: made } = convertSchema(schema, OPENAI_STRICT_TOOL);
  expect(Object.keys(made["properties"] as JsonObject)).toEqual(["__proto__", "constructor"]);
  expect(made["required"]).toEqual(["__proto__", "constructor"]);
});

test("restoring costs little, whatever the schema and the answer", () => {
  const choices = Array.from({ length: 300 }, (_, at) => ({
    type: "object",
    properties: { [`p${at}`]: { $ref: "#" }, x: { type: "string" } },
  }));
  const original = { anyOf: [...choices, { $ref: "#" }], items: { $ref: "#" } };
  const members = Array.from({ length: 60_000 }, (_, at) => `"k${at}":{"x":null}`);
  const restoring = { original, isWrapped: false, hasNulls: true };
  const restored = JSON.parse(restoreText(`{${members.join(",")}}`, restoring)) as JsonObject;
  expect(Object.keys(restored)).toHaveLength(60_000);
}, 2_000);
