// Tokens of the demo provider.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { tokensOf } from "./tokens.ts";

describe("tokens", () => {
  test("are words with the white space before them", () => {
    expect(tokensOf("Hello  big\nworld", 10)).toEqual(["Hello", "  big", "\nworld"]);
  });

  test("cut long words and keep white space at the end", () => {
    expect(tokensOf("abcdefghijklmnop \n", 10)).toEqual(["abcdefghijkl", "mnop", " \n"]);
  });

  test("never cut a letter in two", () => {
    expect(tokensOf("😀".repeat(13), 10)).toEqual(["😀".repeat(12), "😀"]);
  });

  test("joined give the text again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokensOf(text, Number.POSITIVE_INFINITY).join("")).toBe(text);
      }),
    );
  });

  test.each([
    [0, []],
    [-3, []],
    [2, ["a", " b"]],
  ])("stop at a limit of %p", (limit, expected) => {
    expect(tokensOf("a b c", limit)).toEqual(expected);
  });
});
