// Arguments that arrive piece by piece.

import { expect, test } from "bun:test";
import type { Json } from "#core/json.ts";
import { replyFields } from "./fields.ts";
import { PartialArguments } from "./partial-arguments.ts";

function collect(...entries: { [key: string]: Json }[]): Json {
  const collected = new PartialArguments();
  for (const entry of entries) collected.take(replyFields(entry));
  return JSON.parse(collected.toJson());
}

test("puts text together at its path, and other values in their place", () => {
  expect(
    collect(
      { jsonPath: "$.a.b", stringValue: "x" },
      { jsonPath: "$.a.b", stringValue: "y" },
      { jsonPath: "$['a']['c d']", numberValue: 1.5 },
      { json_path: "$.list[1].deep", bool_value: false },
      { jsonPath: '$["q\\"t"]', nullValue: "NULL_VALUE" },
    ),
  ).toEqual({ a: { b: "xy", "c d": 1.5 }, list: [null, { deep: false }], 'q"t': null });
});

test("is an empty object when nothing came", () => {
  expect(collect()).toEqual({});
});

test("lets no path reach a prototype or fill the memory", () => {
  const built = collect(
    { jsonPath: "$.__proto__.polluted", stringValue: "yes" },
    { jsonPath: "$.list[999999999]", stringValue: "far" },
    { jsonPath: "$.x[", stringValue: "broken" },
    { jsonPath: "", stringValue: "nowhere" },
  );
  expect(JSON.stringify(built)).toBe('{"__proto__":{"polluted":"yes"}}');
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});
