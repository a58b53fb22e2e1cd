// Samples of JSON schemas.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { sampleOf } from "./sample-json.ts";

describe("a sample", () => {
  test.each<readonly [JsonObject, unknown]>([
    [{ type: "string" }, "words"],
    [{ type: "string", maxLength: 3 }, "wor"],
    [{ type: "string", minLength: 7 }, "words.."],
    [{ type: "string", enum: ["red", "green"] }, "red"],
    [{ const: 4 }, 4],
    [{ type: "string", default: "x" }, "x"],
    [{ type: "integer" }, 1],
    [{ type: "integer", minimum: 2.5 }, 3],
    [{ type: "number", exclusiveMinimum: 3 }, 4],
    [{ type: "number", maximum: 0.5 }, 0.5],
    [{ type: "boolean" }, true],
    [{ type: "null" }, null],
    [{ type: ["string", "null"] }, "words"],
    [{ type: "array", items: { type: "integer" } }, [1]],
    [{ type: "array", items: { type: "integer" }, minItems: 3 }, [1, 1, 1]],
    [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, true],
    [{ properties: { a: { type: "boolean" } } }, { a: true }],
    [{}, null],
  ])("of %j fits it", (schema, expected) => {
    expect(sampleOf(schema, "words")).toEqual(expected as never);
  });

  test("follows references within the schema", () => {
    const schema: JsonObject = {
      type: "object",
      properties: { home: { $ref: "#/$defs/Place" }, gone: { $ref: "#/$defs/Nowhere" } },
      $defs: { Place: { type: "object", properties: { city: { type: "string" } } } },
    };
    expect(sampleOf(schema, "Paris")).toEqual({ home: { city: "Paris" }, gone: null });
  });

  test("ends when a schema refers to itself, however it branches", () => {
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const schema: JsonObject = {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, { $ref: "#" }])),
    };
    expect(JSON.stringify(sampleOf(schema, "x")).length).toBeLessThan(100_000);
    expect(sampleOf({ $ref: "#" }, "x")).toBeNull();
  });

  test("keeps a hostile array short", () => {
    const sample = sampleOf({ type: "array", items: { type: "integer" }, minItems: 1e12 }, "x");
    expect((sample as unknown[]).length).toBeLessThan(1000);
  });

  test("does not follow a reference to a prototype", () => {
    expect(sampleOf({ $ref: "#/__proto__/constructor" }, "x")).toBeNull();
  });
});
