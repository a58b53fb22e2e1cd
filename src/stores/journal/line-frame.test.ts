// Whole, torn and damaged lines are told apart at every byte.

import { describe, expect, test } from "bun:test";
import { type LineScan, scanLines } from "./line-frame.ts";
import { LineWriter } from "./line-writer.ts";

const TEXTS = ['{"a":1}', "", "ünïcode 🙂", "x".repeat(300)];

function framed(texts: readonly string[]): Buffer {
  const line = new LineWriter();
  return Buffer.concat(
    texts.map((text) => {
      const { bytes, length } = line.frame(text);
      return Buffer.from(bytes.subarray(0, length));
    }),
  );
}

function textsOf(bytes: Buffer, scan: LineScan): string[] {
  const texts: string[] = [];
  for (let index = 0; index < scan.bounds.length; index += 2) {
    texts.push(bytes.toString("utf8", scan.bounds[index], scan.bounds[index + 1]));
  }
  return texts;
}

describe("framed lines", () => {
  test("are found again", () => {
    const bytes = framed(TEXTS);
    const scan = scanLines(bytes, true);
    expect(textsOf(bytes, scan)).toEqual(TEXTS);
    expect(scan).toMatchObject({ consumed: bytes.length, damaged: 0, tornBytes: 0 });
  });

  test("longer than the scratch buffer are framed whole, and the next short one too", () => {
    const texts = ["y".repeat(3_000_000), "short", "é".repeat(40_000)];
    const bytes = framed(texts);
    expect(textsOf(bytes, scanLines(bytes, true))).toEqual(texts);
  });

  test("that are cut at any byte are torn in a sealed file and awaited in an open one", () => {
    const first = framed(["first"]);
    const second = framed(["second"]);
    const both = Buffer.concat([first, second]);
    for (let cut = 0; cut < second.length - 1; cut += 1) {
      const bytes = both.subarray(0, first.length + cut);
      const open = scanLines(bytes, false);
      expect(textsOf(bytes, open)).toEqual(["first"]);
      expect(open).toMatchObject({ consumed: first.length, damaged: 0, tornBytes: 0 });
      const sealed = scanLines(bytes, true);
      expect(textsOf(bytes, sealed)).toEqual(["first"]);
      expect(sealed).toMatchObject({ consumed: bytes.length, damaged: 0, tornBytes: cut });
    }
  });

  test("that lack only the line break count as whole once the file is sealed", () => {
    const bytes = framed(["only"]).subarray(0, -1);
    expect(scanLines(bytes, false).bounds).toEqual([]);
    expect(textsOf(bytes, scanLines(bytes, true))).toEqual(["only"]);
  });

  test("with any byte changed are damaged, and the lines beside them are not lost", () => {
    const first = framed(["first"]);
    const second = framed(["second"]);
    for (let position = 0; position < second.length - 1; position += 1) {
      const bytes = Buffer.concat([first, second, framed(["third"])]);
      const place = first.length + position;
      bytes[place] = (bytes[place] ?? 0) ^ 0x01;
      const scan = scanLines(bytes, true);
      expect(textsOf(bytes, scan)).toEqual(["first", "third"]);
      expect(scan).toMatchObject({ damaged: 1, tornBytes: 0 });
    }
  });

  test("followed by zeros, as a loss of power leaves them, end in a torn rest", () => {
    const bytes = Buffer.concat([framed(["first"]), Buffer.alloc(50)]);
    expect(scanLines(bytes, true)).toMatchObject({ damaged: 0, tornBytes: 50 });
  });
});
