// A record survives its line, whatever it holds.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { drawOf } from "#core/ids.ts";
import { SAMPLE_START_MS, sampleId, sampleRecord } from "#core/ports/record-sample.contract.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { usage } from "#core/usage.ts";
import {
  decodeRecord,
  encodeRecord,
  joinRecord,
  RecordFormatError,
  splitRecord,
} from "./record-line.ts";
import { ROW_COLUMNS } from "./row-part.ts";

const LOSS = { place: "properties[1]", keyword: "minimum", effect: "widened" } as const;

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

  test("says once what its parts share, and keeps apart what differs", () => {
    const record = sampleRecord(1);
    const { decision, facts } = record;
    const [attempt] = record.attempts;
    if (decision === undefined || facts === undefined || attempt === undefined) throw new Error();
    const shared = encodeRecord({
      ...record,
      decision: { ...decision, virtualModel: facts.model, draw: drawOf(record.id) },
    });
    expect(shared.split(facts.model).length).toBe(2);
    expect(shared.split("54399000").length).toBe(3);
    const other = { provider: "house", model: "a/b", key: "k", region: "eu" };
    const apart: ExchangeRecord = {
      ...record,
      facts: { ...facts, user: "someone" },
      decision: { ...decision, virtualModel: "", snapshot: "fedcba9876543210", draw: 0.75 },
      attempts: [
        { ...attempt, target: other, cost: undefined },
        { ...attempt, target: decision.route[0]?.target ?? other, usage: usage({}), cost: 1n },
        { ...attempt, usage: usage({ source: "estimated", serverToolRequests: { search: 1 } }) },
        { ...attempt, startedAt: record.startedAt - 5, firstTokenMs: undefined },
        { ...attempt, losses: [{ of: "tools[0]", losses: [LOSS], unlisted: 2 }] },
      ],
    };
    expect(decodeRecord(encodeRecord(apart))).toStrictEqual(apart);
  });

  test("keeps durations to the microsecond and amounts to the last digit", () => {
    const record = sampleRecord(1, { durationMs: 10.285931000000119, cost: 10n ** 15n });
    const read = decodeRecord(encodeRecord(record));
    expect(read).toMatchObject({ durationMs: 10.286, cost: 10n ** 15n });
  });

  test("has its row apart from its details", () => {
    const line = encodeRecord(sampleRecord(1));
    const parts = splitRecord(line);
    expect(parts.values).toHaveLength(ROW_COLUMNS.length);
    expect(parts.values.slice(0, 2)).toEqual([sampleId(1), SAMPLE_START_MS + 1]);
    expect(joinRecord(parts)).toStrictEqual(sampleRecord(1));
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
      reasoningTokens: fc.nat(),
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

  test.each([
    ...["", "null", "{}", "[1]", '{"format":2}', '{"format":1}', "{"],
    ...["[2]\t[]", "[1]\t[]", "[1\t[]", `${encodeRecord(sampleRecord(1))}]`],
  ])("refuses %p", (text) => {
    expect(() => decodeRecord(text)).toThrow(RecordFormatError);
  });
});
