// The OpenAPI subset as JSON schema.

import { expect, test } from "bun:test";
import { schemaToJsonSchema } from "./schema.ts";

test("turns Gemini's own keywords into those of JSON schema", () => {
  const schema = schemaToJsonSchema({
    type: "OBJECT",
    property_ordering: ["b", "a"],
    properties: {
      a: { type: "STRING", format: "enum", enum: ["x"], nullable: true },
      b: { type: "ARRAY", items: { type: "INTEGER", format: "int32" }, min_items: "2" },
      snake_name: { anyOf: [{ type: "NUMBER" }, { type: "TYPE_UNSPECIFIED" }], nullable: true },
    },
    required: ["b"],
  });
  expect(schema).toEqual({
    type: "object",
    properties: {
      b: { type: "array", items: { type: "integer", format: "int32" }, minItems: 2 },
      a: { type: ["string", "null"], enum: ["x", null] },
      snake_name: { anyOf: [{ type: "number" }, {}, { type: "null" }] },
    },
    required: ["b"],
  });
  expect(Object.keys(Object(schema["properties"]))).toEqual(["b", "a", "snake_name"]);
});

test("leaves keywords and names of properties that it does not know", () => {
  const properties = { type: { type: "string" }, nullable: { type: "boolean" }, __x: {} };
  expect(schemaToJsonSchema({ $ref: "#/$defs/A", properties, "x-y": 1 })).toEqual({
    $ref: "#/$defs/A",
    properties,
    "x-y": 1,
  });
});
