// Old and broken schemas in today's spelling, and the names of arguments that a vendor refuses.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { convertSchema } from "./convert.ts";
import { modernized } from "./draft.ts";
import { ANTHROPIC_TOOL, PLAIN_TOOL, TOOL_WITH_ITEMS } from "./profiles.ts";
import { restoreText, restoringOf } from "./restore.ts";

function modern(schema: object): { readonly schema: JsonObject; readonly lost: string[] } {
  const lost: string[] = [];
  return { schema: modernized(schema as JsonObject, (keyword) => lost.push(keyword)), lost };
}

describe("a schema", () => {
  test.each([
    [
      "items by position",
      { type: "array", items: [{}, { type: "string" }], additionalItems: false },
      { type: "array", prefixItems: [{}, { type: "string" }], items: false },
    ],
    ["an exclusive bound", { minimum: 3, exclusiveMinimum: true }, { exclusiveMinimum: 3 }],
    ["a bound that is not", { maximum: 3, exclusiveMaximum: false }, { maximum: 3 }],
    [
      "members that are null",
      { type: "object", properties: null, items: null },
      { type: "object" },
    ],
    ["a null that is meant", { const: null, default: null }, { const: null, default: null }],
  ])("has %s in today's spelling", (_what, given, expected) => {
    expect(modern(given)).toEqual({ schema: expected as JsonObject, lost: [] });
  });

  test.each([
    ["type", { type: "any" }],
    ["type", { type: ["string", "file"] }],
    ["required", { required: true }],
    ["enum", { enum: [] }],
    ["properties", { properties: [] }],
    ["description", { description: 5 }],
  ])("loses a %s that means nothing", (keyword, given) => {
    expect(modern(given)).toEqual({ schema: {}, lost: [keyword] });
  });

  test("that is fine is left alone", () => {
    const schema = { type: ["string", "null"], enum: ["a", null], description: "x" };
    expect(modern(schema).schema).toBe(schema);
  });
});

describe("the schema of a tool", () => {
  test("is put right wherever it is old, and goes as it is where it is not", () => {
    const old = { type: "object", properties: { a: { type: "array", items: [{ type: "any" }] } } };
    expect(convertSchema(old, PLAIN_TOOL)).toMatchObject({
      schema: { type: "object", properties: { a: { type: "array", prefixItems: [{}] } } },
      losses: [{ keyword: "type", effect: "widened" }],
    });
    const fine = { type: "object", properties: { type: { type: "string" }, items: {} } };
    expect(convertSchema(fine, PLAIN_TOOL).schema).toBe(fine);
  });

  test("says that a list holds anything where the vendor wants to know", () => {
    const bare = { type: "object", properties: { a: { type: ["array", "null"] } } };
    expect(convertSchema(bare, TOOL_WITH_ITEMS).schema["properties"]).toEqual({
      a: { type: ["array", "null"], items: {} },
    });
    expect(convertSchema(bare, PLAIN_TOOL).schema).toBe(bare);
  });

  test("gets names of arguments that the vendor takes, and gives the caller's back", () => {
    const odd = {
      type: "object",
      properties: { $filter: { type: "string" }, "a b": { type: "integer" }, top: {} },
      required: ["$filter"],
    };
    const made = convertSchema(odd, ANTHROPIC_TOOL);
    const names = Object.keys(made.schema["properties"] as JsonObject);
    expect(names.every((name) => /^[a-zA-Z0-9_.-]{1,64}$/.test(name))).toBe(true);
    expect(names[2]).toBe("top");
    expect(made.schema["required"]).toEqual([names[0] ?? ""]);
    const restoring = restoringOf(odd, made);
    const answer = JSON.stringify({ [names[0] ?? ""]: "x", [names[1] ?? ""]: 1, top: 2 });
    expect(restoring && restoreText(answer, restoring)).toBe('{"$filter":"x","a b":1,"top":2}');
  });
});
