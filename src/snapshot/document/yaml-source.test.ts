// Reading YAML: values, places, and texts that mean harm.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readYaml } from "./yaml-source.ts";

function read(text: string) {
  const reading = readYaml(text);
  if (!reading.ok) throw new Error(JSON.stringify(reading.issues));
  return reading.source;
}

function issues(text: string) {
  const reading = readYaml(text);
  return reading.ok ? [] : reading.issues;
}

describe("places", () => {
  const text =
    "version: 1\nmodels:\n  small:\n    targets: [openai/a, { model: openai/b }]\nempty:\n";
  const { root, places } = read(text);

  test("values are plain", () => {
    expect(root).toEqual({
      version: 1,
      models: { small: { targets: ["openai/a", { model: "openai/b" }] } },
      empty: null,
    });
  });

  test("a value and its key are found at their first sign", () => {
    expect(places.key(["models", "small"])).toEqual({ line: 3, column: 3 });
    expect(places.value(["models", "small", "targets", 0])).toEqual({ line: 4, column: 15 });
    expect(places.value(["models", "small", "targets", 1, "model"])).toEqual({
      line: 4,
      column: 34,
    });
  });

  test("what is missing is shown at the key that should hold it", () => {
    expect(places.value(["models", "small", "strategy"])).toEqual({ line: 3, column: 3 });
    expect(places.value(["empty"])).toEqual({ line: 5, column: 1 });
    expect(places.value(["nothing", 3])).toEqual({ line: 1, column: 1 });
  });
});

describe("scalars", () => {
  test("numbers keep their text", () => {
    const source = read("prices: { a: 2.00, b: 0.1, c: two }\nalias: [&p 1.50, *p]");
    expect(source.numberText(["prices", "a"])).toBe("2.00");
    expect(source.numberText(["prices", "b"])).toBe("0.1");
    expect(source.numberText(["prices", "c"])).toBeUndefined();
    expect(source.numberText(["alias", 1])).toBe("1.50");
  });

  test("only true and false are booleans, also under a directive of old", () => {
    expect(read("%YAML 1.1\n---\na: yes\nb: on\nc: true").root).toEqual({
      a: "yes",
      b: "on",
      c: true,
    });
  });

  test("dates stay text", () => {
    expect(read("a: 2027-06-30").root).toEqual({ a: "2027-06-30" });
  });

  test("an empty document is an empty mapping", () => {
    expect(read("").root).toEqual({});
    expect(read("# nothing\n").root).toEqual({});
  });
});

describe("anchors", () => {
  test("an alias repeats its anchor", () => {
    expect(read("a: &x { b: [1] }\nc: *x").root).toEqual({ a: { b: [1] }, c: { b: [1] } });
  });

  test("an anchor that is defined anew counts from there on", () => {
    expect(read("a: &x 1\nb: *x\nc: &x 2\nd: *x").root).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test("repeating an anchor does not bring back the anchors inside it", () => {
    expect(read("a: &x [&y 1]\nb: &y 2\nc: *x\nd: *y").root).toEqual({
      a: [1],
      b: 2,
      c: [1],
      d: 2,
    });
  });

  test("a document that grows without bound is refused", () => {
    const bomb = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"
        : `a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`,
    ).join("\n");
    expect(issues(bomb)[0]?.message).toContain("more than 100000 values");
  });

  test("an anchor that holds itself is refused", () => {
    expect(issues("a: &a [*a]")[0]?.code).toBe("invalid_yaml");
  });

  test("an alias without an anchor is refused at its place", () => {
    expect(issues("a: 1\nb: *nobody")[0]).toMatchObject({
      code: "invalid_yaml",
      line: 2,
      column: 4,
    });
  });
});

describe("refusals", () => {
  test.each([
    ["a: b: c", 1, 4],
    ["a:\n\tb: 1", 2, 1],
    ["a: [1, 2", 1, 9],
    ["a: !!binary aGk=", 1, 4],
    ["a: !custom 1", 1, 4],
    ["? { a: 1 }\n: 2", 1, 3],
    ["a: 1\n---\nb: 2", 2, 1],
  ])("%p is not read", (text, line, column) => {
    expect(issues(text)[0]).toMatchObject({ code: "invalid_yaml", line, column });
  });

  test("a key that stands twice is shown with the place of the first one", () => {
    expect(issues("a: 1\nb: 2\na: 3")).toEqual([
      {
        code: "duplicate",
        path: "a",
        line: 3,
        column: 1,
        message: "The key `a` stands here for the second time.",
        hint: "The first one is in line 1.",
      },
    ]);
  });

  test("nothing reaches a prototype", () => {
    expect(issues("a:\n  __proto__: { polluted: 1 }")[0]).toMatchObject({
      code: "unknown_key",
      line: 2,
    });
    const { root } = read("constructor: 1\ntoString: 2");
    expect(Object.entries(root as object)).toEqual([
      ["constructor", 1],
      ["toString", 2],
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("nesting without end is refused, not followed", () => {
    expect(issues("[".repeat(50_000))[0]?.code).toBe("invalid_yaml");
    expect(issues(`${"[".repeat(40)}${"]".repeat(40)}`)[0]?.code).toBe("invalid_yaml");
    expect(issues("x".repeat(1_048_577))[0]?.message).toContain("longer than");
  });
});

test("no text makes the reader throw", () => {
  const pieces = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!t ",
    "'",
    '"',
    "|",
    "#",
    "${",
    "\t",
    "? ",
    "---",
    "%",
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const reading = readYaml(parts.join(""));
      if (!reading.ok) expect(reading.issues.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
