// Exchange ids: what is in them, and that it can be had back.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { decisionIdOf, drawOf, exchangeId, requestIdOf } from "./ids.ts";

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const chance = fc.uint8Array({ minLength: 10, maxLength: 10 });

/** All 128 bits as one number, most significant first. */
function bitsOf(nowMs: number, random: Uint8Array): bigint {
  return random.reduce((sum, byte) => sum * 256n + BigInt(byte), BigInt(nowMs));
}

/** The number that 26 letters of Crockford's base 32 stand for, without the two bits of padding. */
function numberOf(id: string): bigint {
  let sum = 0n;
  for (const letter of id) {
    const value = "0123456789abcdefghjkmnpqrstvwxyz".indexOf(letter);
    expect(value).toBeGreaterThanOrEqual(0);
    sum = sum * 32n + BigInt(value);
  }
  expect(sum % 4n).toBe(0n);
  return sum / 4n;
}

describe("an exchange id", () => {
  test("is 26 letters that hold time and chance, bit for bit", () => {
    fc.assert(
      fc.property(time, chance, (nowMs, random) => {
        const id = exchangeId(nowMs, random);
        expect(id).toHaveLength(26);
        expect(numberOf(id)).toBe(bitsOf(nowMs, random));
      }),
    );
  });

  test("sorts by time", () => {
    fc.assert(
      fc.property(time, time, chance, chance, (one, other, first, second) => {
        fc.pre(one < other);
        expect(exchangeId(one, first) < exchangeId(other, second)).toBe(true);
      }),
    );
  });

  test("holds the draw of its decision: 50 bits of chance, over the whole of [0, 1)", () => {
    fc.assert(
      fc.property(time, chance, (nowMs, random) => {
        const id = exchangeId(nowMs, random);
        const expected = (bitsOf(nowMs, random) >> 3n) % 2n ** 50n;
        expect(drawOf(id)).toBe(Number(expected) / 2 ** 50);
      }),
    );
    expect(drawOf(exchangeId(0, new Uint8Array(10)))).toBe(0);
    const most = drawOf(exchangeId(0, new Uint8Array(10).fill(255)));
    expect(most).toBeLessThan(1);
    expect(most).toBeGreaterThan(0.999999999);
  });

  test("is shown with what it is the id of", () => {
    expect(requestIdOf("0123")).toBe("req_0123");
    expect(decisionIdOf("0123")).toBe("dec_0123");
  });
});
