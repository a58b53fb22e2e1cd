// Families of series: one series a list of label values, and a bound on how many there are.

import { describe, expect, test } from "bun:test";
import type { MetricRow } from "./metric-table.ts";
import { Family, HistogramSeries, NumberSeries } from "./registry.ts";

const ROW: MetricRow = { name: "calls_total", type: "counter", help: "Calls.", labels: ["a", "b"] };

describe("a family", () => {
  test("has one series for each list of values, however they could be run together", () => {
    const family = new Family(ROW, () => new NumberSeries());
    family.child(["x", "yz"]).add(1);
    family.child(["xy", "z"]).add(2);
    family.child(["x", "yz"]).add(4);
    expect(family.render()).toEndWith('{a="x",b="yz"} 5\ncalls_total{a="xy",b="z"} 2\n');
  });

  test("counts what is beyond its bound in one series, and goes on with those it has", () => {
    const family = new Family(ROW, () => new NumberSeries());
    for (let round = 0; round < 2; round += 1) {
      for (let count = 0; count < 6_000; count += 1) family.child([`${count}`, "b"]).add(1);
    }
    const lines = family.render().trimEnd().split("\n").slice(2);
    expect(lines).toHaveLength(4_001);
    expect(lines[0]).toBe('calls_total{a="0",b="b"} 2');
    expect(lines.at(-1)).toBe('calls_total{a="other",b="other"} 4000');
  });
});

describe("a histogram", () => {
  test("puts a value into the first bucket whose bound it does not exceed", () => {
    const row: MetricRow = { ...ROW, labels: [], type: "histogram", buckets: [1, 2] };
    const family = new Family(row, () => new HistogramSeries(row.buckets ?? []));
    for (const value of [0, 1, 1.5, 2, 2.5]) family.child([]).observe(value);
    const lines = family.render().trimEnd().split("\n").slice(2);
    expect(lines).toEqual([
      'calls_total_bucket{le="1"} 2',
      'calls_total_bucket{le="2"} 4',
      'calls_total_bucket{le="+Inf"} 5',
      "calls_total_sum 7",
      "calls_total_count 5",
    ]);
  });
});
