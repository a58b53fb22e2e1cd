// Files, functions and parameter lists stay small; what is larger has a written reason.

import { describe, expect, test } from "bun:test";
import { LONG_FILES, LONG_FUNCTIONS, MANY_PARAMETERS } from "./exceptions.ts";
import { functionShapes } from "./function-shapes.ts";
import { blank } from "./source-text.ts";
import { filesUnder, readSource, type SourceFile, sourceFiles } from "./source-tree.ts";

const FILE_LINES = 400;
const FUNCTION_LINES = 60;
const PARAMETERS = 4;

/** Everything that people read as code, the tests aside. */
function judged(): readonly SourceFile[] {
  const others = ["scripts", "bench"].flatMap(filesUnder).map(readSource);
  return [...sourceFiles().filter((file) => !file.isTest), ...others];
}

function functionsWhere(isTooMuch: (lines: number, parameters: number) => boolean): string[] {
  return judged().flatMap((file) =>
    functionShapes(file.code)
      .filter(({ lines, parameters }) => isTooMuch(lines, parameters))
      .map(({ name }) => `${file.path} ${name}`),
  );
}

describe("sizes", () => {
  test(`no file has more than ${FILE_LINES} lines without a reason`, () => {
    const long = judged().filter(({ text }) => text.split("\n").length - 1 > FILE_LINES);
    expect(long.map(({ path }) => path).sort()).toEqual(Object.keys(LONG_FILES).sort());
  });

  test(`no function has more than ${FUNCTION_LINES} lines without a reason`, () => {
    const long = functionsWhere((lines) => lines > FUNCTION_LINES);
    expect(long.sort()).toEqual(Object.keys(LONG_FUNCTIONS).sort());
  });

  test(`no function has more than ${PARAMETERS} parameters without a reason`, () => {
    const wide = functionsWhere((_, parameters) => parameters > PARAMETERS);
    expect(wide.sort()).toEqual(Object.keys(MANY_PARAMETERS).sort());
  });
});

describe("the measure of functions", () => {
  const measure = (text: string) =>
    functionShapes(blank(text).code).map(({ name, lines, parameters }) => [
      name,
      lines,
      parameters,
    ]);

  test("functions, methods and arrows are found, calls and conditions are not", () => {
    expect(measure("function plain(a: string, b?: Map<string, number>): void {\n}\n")).toEqual([
      ["plain", 2, 2],
    ]);
    expect(measure("class A {\n  #hide({ a, b }: C): D | undefined {\n\n  }\n}")).toEqual([
      ["#hide", 3, 1],
    ]);
    expect(measure("const arrow = async (\n  a: A,\n  b: B,\n): Promise<C> => {\n};")).toEqual([
      ["arrow", 5, 2],
    ]);
    expect(measure("if (a) {\n}\nwhile (call(a, b)) {\n}\ntype T = (a: A) => void;")).toEqual([]);
  });

  test("a return type in braces is not the body", () => {
    expect(measure("function f(): { a: string } {\n  return x;\n}")).toEqual([["f", 3, 0]]);
  });

  test("braces in strings, templates and expressions do not count", () => {
    const text = `function f() {\n  return \`\${g("}")} }\` + "}" + /[}]\\}/.source;\n}\n`;
    expect(measure(text)).toEqual([["f", 3, 0]]);
  });
});
