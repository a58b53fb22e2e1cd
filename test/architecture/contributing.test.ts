// What CONTRIBUTING points to is there.

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./source-tree.ts";

/** Stands for whatever a reader adds. */
const PLACEHOLDER = /\/x(?:\.contract)?\.ts$|<|…/;

test("every file that CONTRIBUTING names exists", () => {
  const text = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const named = [...text.matchAll(/`((?:src|test|scripts|docs|bin)\/[^`\s]+)`/g)].flatMap(
    ([, path = ""]) => (PLACEHOLDER.test(path) ? [] : [path]),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
