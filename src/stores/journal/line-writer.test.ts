// Whatever is written by hand is what JSON says it is.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LineWriter } from "./line-writer.ts";

function written(write: (line: LineWriter) => void): string {
  const line = new LineWriter();
  line.begin();
  write(line);
  return line.text();
}

describe("a line writer", () => {
  test("writes any list of values as JSON.stringify does", () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme-ascii" }),
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const text = written((line) => {
          line.open();
          for (const each of values) {
            if (typeof each === "string") line.string(each);
            else if (typeof each === "number") line.number(each);
            else line.null();
          }
          line.close();
        });
        expect(text).toBe(JSON.stringify(values));
      }),
    );
  });

  test("parts lists, parts of the line and values by commas where they belong", () => {
    const text = written((line) => {
      line.open();
      line.open();
      line.close();
      line.open();
      line.flag(true);
      line.flag(false);
      line.close();
      line.json('{"a":1}');
      line.close();
      line.tab();
      line.string("");
      line.string("[");
      line.string("\t");
    });
    expect(text).toBe('[[],[1,0],{"a":1}]\t"","[","\\t"');
  });

  test("writes microseconds, and null for what is unknown or no number", () => {
    const text = written((line) => {
      line.open();
      for (const value of [10.2859310001, 0, -0.0004, 1e300, Number.NaN, undefined]) {
        line.micros(value);
      }
      line.number(Number.POSITIVE_INFINITY);
      line.number(undefined);
      line.close();
    });
    expect(text).toBe("[10286,0,0,1e+303,null,null,null,null]");
  });

  test("writes amounts as numbers while those are exact, as text beyond", () => {
    const largest = BigInt(Number.MAX_SAFE_INTEGER);
    const text = written((line) => {
      line.open();
      for (const value of [0n, 151_200n, largest, largest + 1n, -largest - 1n]) line.amount(value);
      line.amount(undefined);
      line.close();
    });
    expect(text).toBe('[0,151200,9007199254740991,"9007199254740992","-9007199254740992",null]');
  });

  test("frames a short line after a giant as it framed one before", () => {
    const line = new LineWriter();
    const framed = (text: string) => {
      const { bytes, length } = line.frame(text);
      return Buffer.from(bytes.subarray(0, length)).toString();
    };
    const before = framed("short");
    expect(before).toBe("00000005 8f2890a2 short\n");
    expect(framed("é".repeat(2_000_000))).toEndWith("é\n");
    expect(framed("short")).toBe(before);
  });
});
