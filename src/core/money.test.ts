// Money: rounding, writing and reading, without a float anywhere.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatUsd, picoPerToken, picoToNano } from "./money.ts";

describe("rounding to nano-dollars", () => {
  test.each([
    [0n, 0n],
    [499n, 0n],
    [500n, 1n],
    [1499n, 1n],
    [1500n, 2n],
    [2500n, 3n],
  ])("turns %p pico into %p nano, half up", (pico, nano) => {
    expect(picoToNano(pico)).toBe(nano);
  });

  test("is never off by more than half a nano-dollar", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (pico) => {
        const error = picoToNano(pico) * 1000n - pico;
        return error <= 500n && error > -500n;
      }),
    );
  });
});

describe("writing dollars", () => {
  test.each([
    [0n, "0"],
    [1n, "0.000000001"],
    [54_399_000n, "0.054399"],
    [1_063_761_250n, "1.06376125"],
    [1_000_000_000n, "1"],
    [-1_500_000_000n, "-1.5"],
    [123_456_789_012_345_678_901n, "123456789012.345678901"],
  ])("writes %p nano-dollars as %s", (nano, text) => {
    expect(formatUsd(nano)).toBe(text);
  });

  test("loses no digit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (nano) => {
        const [whole = "0", fraction = ""] = formatUsd(nano).split(".");
        expect(BigInt(whole + fraction.padEnd(9, "0"))).toBe(nano);
      }),
    );
  });
});

describe("reading prices", () => {
  test.each([
    ["0", 0n],
    ["0.25", 250_000n],
    ["3", 3_000_000n],
    ["3.125", 3_125_000n],
    [" 2.00 ", 2_000_000n],
    ["0.000001", 1n],
    ["0.0000010", 1n],
    ["600", 600_000_000n],
  ])("reads %p dollars a million as %p pico-dollars a token", (text, pico) => {
    expect(picoPerToken(text)).toBe(pico);
  });

  test.each([
    "",
    "-1",
    "+1",
    ".5",
    "5.",
    "1e-7",
    "1,5",
    "$1",
    "NaN",
    "Infinity",
    "0x10",
    "0.0000001",
    "1.2.3",
    "١",
    "1234567890",
  ])("refuses %p", (text) => {
    expect(picoPerToken(text)).toBeUndefined();
  });

  test("gives back what was written, for every price of up to six decimals", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), (pico) => {
        const digits = pico.toString().padStart(7, "0");
        expect(picoPerToken(`${digits.slice(0, -6)}.${digits.slice(-6)}`)).toBe(pico);
      }),
    );
  });
});
