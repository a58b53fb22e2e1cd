// Names say what a file is, and every file begins by saying it.

import { expect, test } from "bun:test";
import { sourceFiles } from "./source-tree.ts";

const BANNED =
  /^(?:utils?|helpers?|common|misc|managers?|services?|base|types?)$|-(?:utils?|helpers?|misc)$/;

function stem(path: string): string {
  return (path.split("/").at(-1) ?? "").replace(/(?:\.test|\.contract)?\.ts$/, "");
}

test("no file has a name that says nothing", () => {
  const empty = sourceFiles().filter(({ path }) => BANNED.test(stem(path)));
  expect(empty.map(({ path }) => path)).toEqual([]);
});

test("files and folders are written in kebab-case", () => {
  const shape = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;
  const odd = sourceFiles().filter(
    ({ path }) => !path.split("/").every((part) => shape.test(part)),
  );
  expect(odd.map(({ path }) => path)).toEqual([]);
});

test("every file opens with a comment of its own words", () => {
  const odd = sourceFiles().filter(({ isTest, text }) => !isTest && !/^(?:\/\/ .+\n)+/.test(text));
  expect(odd.map(({ path }) => path)).toEqual([]);
});

test("there are no default exports and no enums", () => {
  const odd = sourceFiles().filter(({ code }) =>
    /^\s*export default\b|^\s*(?:export )?(?:const )?enum\s+\w/m.test(code),
  );
  expect(odd.map(({ path }) => path)).toEqual([]);
});
