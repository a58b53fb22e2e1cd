// Holding text to schemas: what is said of wrong answers, and of schemas that are none.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { unicodePattern } from "./unicode-pattern.ts";
import { inspectSchema, validateText } from "./validate.ts";

function outcome(text: string, schema: JsonObject): string {
  return validateText(text, schema).outcome;
}

describe("a verdict", () => {
  test("names the place and the keyword of what is wrong", () => {
    const schema = { type: "object", properties: { a: { type: "array", items: { minimum: 3 } } } };
    expect(validateText('{"a":[3,1]}', schema)).toMatchObject({
      outcome: "invalid",
      problems: [{ place: "#/a/1", keyword: "minimum" }],
    });
  });

  test("of text that is no JSON says so", () => {
    expect(validateText("{", {})).toMatchObject({ problems: [{ keyword: "json" }] });
  });

  test("lists no more problems than help to mend the answer", () => {
    const verdict = validateText(JSON.stringify(Array(500).fill(1)), { items: { type: "string" } });
    expect(verdict.outcome === "invalid" && verdict.problems.length).toBe(12);
  });

  test.each([
    ["draft-07", { $schema: "http://json-schema.org/draft-07/schema#", items: [{}, false] }],
    ["2020-12", { prefixItems: [{}, false] }],
  ])("follows the draft %s", (_draft, schema) => {
    expect(outcome("[1]", schema as JsonObject)).toBe("valid");
    expect(outcome("[1,2]", schema as JsonObject)).toBe("invalid");
  });

  test("reads patterns that only the older mode of regular expressions takes", () => {
    const schema = { pattern: "^\\d{4}\\-\\d{2} \\@{x}$" };
    expect(outcome('"2026-11 @{x}"', schema)).toBe("valid");
    expect(outcome('"2026:11 @{x}"', schema)).toBe("invalid");
  });
});

describe("a schema", () => {
  test.each([
    ["with a loop of references", { $ref: "#" }],
    ["with a reference to nothing", { properties: { a: { items: { $ref: "#/$defs/b" } } } }],
    ["with a pattern that is none", { anyOf: [{ pattern: "(" }] }],
    ["with a pattern of names that is none", { items: { patternProperties: { "(": {} } } }],
  ])("%s is told to be of no use", (_what, schema) => {
    expect(inspectSchema(schema as JsonObject).outcome).toBe("unusable");
  });

  test.each([
    ["that refers to itself deeper down", { properties: { next: { $ref: "#" } } }],
    ["whose literals look like faults", { enum: [{ pattern: "(", $ref: "#/no" }] }],
    ["with more items than arguments can be", { required: Array(2_000_000).fill("a") }],
    ["with properties named like keywords", { properties: { pattern: {}, $ref: {}, enum: {} } }],
  ])("%s is fine", (_what, schema) => {
    expect(inspectSchema(schema as JsonObject)).toEqual({ outcome: "valid" });
  });
});

test("patterns of names are held to whatever their spelling", () => {
  const schema = { patternProperties: { "^x\\-": { type: "integer" }, "^x-": { minimum: 5 } } };
  expect(inspectSchema(schema)).toEqual({ outcome: "valid" });
  expect(validateText('{"x-a":7}', schema)).toEqual({ outcome: "valid" });
  expect(validateText('{"x-a":"7"}', schema).outcome).toBe("invalid");
  expect(validateText('{"x-a":1}', schema).outcome).toBe("invalid");
});

describe("a pattern for Unicode mode", () => {
  test.each([
    ["a\\-b", "a-b"],
    ["[\\w\\-\\.]", "[\\w\\-\\.]"],
    ["[\\_\\-\\@]", "[_\\-@]"],
    ["^{.*}$", "^\\{.*\\}$"],
    ["a{2,3}\\:", "a{2,3}:"],
    ["\\/x\\/", "\\/x\\/"],
  ])("%s becomes %s", (pattern, expected) => {
    expect(unicodePattern(pattern)).toBe(expected);
  });

  test("is none where there is no regular expression", () => {
    for (const pattern of ["(", "[", "*", "a".repeat(20_000)]) {
      expect(unicodePattern(pattern)).toBeUndefined();
    }
  });
});
