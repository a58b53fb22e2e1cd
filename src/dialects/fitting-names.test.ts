// Names and ids for vendors that are particular about them.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CALL_IDS_OF_9, GEMINI_NAMES, NAMES_OF_64 } from "./adapt/name-rules.ts";
import { FittingNames, fits, fittingName } from "./fitting-names.ts";

const RULES = [NAMES_OF_64, GEMINI_NAMES, CALL_IDS_OF_9];

describe("a name", () => {
  test.each([
    ["weather", NAMES_OF_64, true],
    ["a.b", NAMES_OF_64, false],
    ["a.b", GEMINI_NAMES, true],
    ["1st", GEMINI_NAMES, false],
    ["", NAMES_OF_64, false],
    ["a".repeat(65), NAMES_OF_64, false],
    ["abc123XYZ", CALL_IDS_OF_9, true],
    ["abc", CALL_IDS_OF_9, false],
  ])("%s fits or does not", (name, rule, expected) => {
    expect(fits(name, rule)).toBe(expected);
  });

  test("of any kind is made to fit, always in the same way", () => {
    const property = fc.property(fc.string(), fc.constantFrom(...RULES), (name, rule) => {
      const written = fittingName(name, rule);
      return fits(written, rule) && fittingName(name, rule) === written;
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  test("still begins like itself where there is room", () => {
    expect(fittingName("files/read all", NAMES_OF_64)).toStartWith("files_read_all_");
  });
});

describe("the names of a request", () => {
  test("stay different from each other, whatever they are", () => {
    const names = fc.uniqueArray(fc.string({ maxLength: 80 }), { maxLength: 40 });
    const property = fc.property(names, fc.constantFrom(...RULES), (given, rule) => {
      const fitting = new FittingNames(rule, given);
      const written = given.map((name) => fitting.of(name));
      return new Set(written).size === given.length && written.every((name) => fits(name, rule));
    });
    fc.assert(property);
  });

  test("keep their own where that fits, and are told apart from made-up ones", () => {
    const taken = fittingName("a.b", NAMES_OF_64);
    const fitting = new FittingNames(NAMES_OF_64, [taken, "a.b"]);
    expect(fitting.of(taken)).toBe(taken);
    expect(fitting.of("a.b")).not.toBe(taken);
    expect([...fitting.changed]).toEqual([[fitting.of("a.b"), "a.b"]]);
  });

  test("stay cheap where thousands share one", () => {
    const fitting = new FittingNames(NAMES_OF_64, ["read"]);
    const others = Array.from({ length: 20_000 }, () => fitting.another("read"));
    expect(new Set(others).size).toBe(20_000);
  }, 2_000);

  test("that two tools share become two", () => {
    const fitting = new FittingNames(NAMES_OF_64, ["read"]);
    const other = fitting.another("read");
    expect(other).not.toBe("read");
    expect(fitting.changed.get(other)).toBe("read");
  });
});
