// JSON inside of texts: read as it is, and refused where it would take too much stack.

import { expect, test } from "bun:test";
import { parseInner } from "./inner-json.ts";

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

test("reads what JSON.parse reads", () => {
  for (const text of ['{"a":[1,"x",null]}', "1", '"["', nested(500), `["${"[{".repeat(2_000)}"]`]) {
    expect(parseInner(text)).toEqual(JSON.parse(text));
  }
  expect(() => parseInner("{")).toThrow(SyntaxError);
});

test("refuses what is nested too deeply, whatever its strings hold", () => {
  for (const text of [nested(501), nested(100_000), "[".repeat(2_000), `["\\"]",${nested(500)}]`]) {
    expect(() => parseInner(text)).toThrow("too deeply");
  }
});
