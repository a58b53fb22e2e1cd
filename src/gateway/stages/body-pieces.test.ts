import { describe, expect, test } from "bun:test";
import { BodyPieces } from "./body-pieces.ts";

const BYTES = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

function put(declared: number, sizes: readonly number[]): Uint8Array {
  const pieces = new BodyPieces(declared);
  let offset = 0;
  for (const size of sizes) {
    pieces.add(BYTES.slice(offset, offset + size));
    offset += size;
  }
  return pieces.whole();
}

describe("a body in pieces", () => {
  test.each<[string, number, readonly number[]]>([
    ["declared, in one piece", 1000, [1000]],
    ["declared, in small ones", 1000, Array(100).fill(10)],
    ["declared, with room made in the middle", 1000, [100, 24, 1, 1, 874]],
    ["declared by nobody", Number.NaN, [1, 999]],
  ])("%s comes out as it was sent", (_, declared, sizes) => {
    expect(put(declared, sizes)).toEqual(BYTES);
  });

  test("may be empty", () => {
    expect(put(Number.NaN, [])).toEqual(new Uint8Array(0));
    expect(put(0, [])).toEqual(new Uint8Array(0));
  });

  test("that breaks off is none", () => {
    for (const sizes of [[], [10], [500], [999]]) expect(() => put(1000, sizes)).toThrow();
    expect(() => put(10, [9, 2])).toThrow();
  });
});
