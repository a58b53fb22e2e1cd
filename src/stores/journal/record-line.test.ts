// A record survives its line, whatever it holds.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { sampleRecord } from "#core/ports/record-sample.contract.ts";
import { usage } from "#core/usage.ts";
import { decodeRecord, encodeRecord, RecordFormatError } from "./record-line.ts";

describe("a record line", () => {
  test("gives back the record, undefined members included", () => {
    const record = sampleRecord(1);
    expect(decodeRecord(encodeRecord(record))).toStrictEqual(record);
  });

  test("gives back a record that knows almost nothing", () => {
    const record = sampleRecord(1, {
      facts: undefined,
      decision: undefined,
      firstTokenMs: undefined,
      cost: undefined,
      attempts: [],
    });
    expect(decodeRecord(encodeRecord(record))).toStrictEqual(record);
  });

  test("keeps estimates and tools of the vendor apart from plain counters", () => {
    for (const used of [
      usage({ outputTokens: 3, source: "estimated" }),
      usage({ serverToolRequests: { web_search: 2 } }),
    ]) {
      const record = sampleRecord(1, { usage: used });
      expect(decodeRecord(encodeRecord(record)).usage).toStrictEqual(used);
    }
  });

  test("survives any text, amount and count", () => {
    const counts = fc.record({
      inputTokens: fc.nat(),
      cacheReadTokens: fc.nat(),
      outputTokens: fc.nat(),
      outputImageTokens: fc.nat(),
    });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.option(fc.bigInt({ min: 0n, max: 2n ** 70n }), { nil: undefined }),
        counts,
        (user, cost, counters) => {
          const { caller } = sampleRecord(1);
          const parts = { caller: { ...caller, user }, cost, usage: usage(counters) };
          const line = encodeRecord(sampleRecord(1, parts));
          expect(line).not.toInclude("\n");
          expect(decodeRecord(line)).toStrictEqual(sampleRecord(1, parts));
        },
      ),
    );
  });

  test.each(["", "null", "{}", "[1]", '{"format":2}', '{"format":1}', "{"])(
    "refuses %p",
    (text) => {
      expect(() => decodeRecord(text)).toThrow(RecordFormatError);
    },
  );
});
