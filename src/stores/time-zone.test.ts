// Offsets change when the law says so, and buckets keep their names.

import { describe, expect, test } from "bun:test";
import {
  dayName,
  hourNameAt,
  hourStart,
  localDayOf,
  offsetPeriods,
  zoneOffsets,
} from "./time-zone.ts";

const HOUR = 3_600_000;

function at(time: string): number {
  return Date.parse(time);
}

describe("a time zone", () => {
  test("has the offset of winter and of summer", () => {
    const berlin = zoneOffsets("Europe/Berlin");
    expect(berlin(at("2026-01-15T12:00:00Z"))).toBe(HOUR);
    expect(berlin(at("2026-07-15T12:00:00.999Z"))).toBe(2 * HOUR);
    expect(zoneOffsets("Asia/Kathmandu")(0 + at("2026-01-01T00:00:00Z"))).toBe(5.75 * HOUR);
    expect(zoneOffsets("UTC")(at("2026-01-01T00:00:00Z"))).toBe(0);
  });

  test("changes its offset at the exact millisecond", () => {
    const periods = offsetPeriods(
      zoneOffsets("America/New_York"),
      at("2026-01-01T00:00:00Z"),
      at("2027-01-01T00:00:00Z"),
    );
    expect(periods).toEqual([
      { untilMs: at("2026-03-08T07:00:00Z"), offsetMs: -5 * HOUR },
      { untilMs: at("2026-11-01T06:00:00Z"), offsetMs: -4 * HOUR },
      { untilMs: Number.POSITIVE_INFINITY, offsetMs: -5 * HOUR },
    ]);
  });

  test("with one offset is one period, also for a range of nothing", () => {
    const india = zoneOffsets("Asia/Kolkata");
    const one = [{ untilMs: Number.POSITIVE_INFINITY, offsetMs: 5.5 * HOUR }];
    expect(offsetPeriods(india, 0, 1_000 * 24 * HOUR)).toEqual(one);
    expect(offsetPeriods(india, 5, 5)).toEqual(one);
  });

  test("that nobody knows is a refused request", () => {
    expect(() => zoneOffsets("Nowhere/Land")).toThrow("IANA");
  });
});

describe("a bucket", () => {
  test("of an hour begins on the local clock", () => {
    const start = hourStart(at("2026-01-01T00:50:00Z"), 5.75 * HOUR);
    expect(start).toBe(at("2026-01-01T00:15:00Z"));
    expect(hourNameAt(start, 5.75 * HOUR)).toBe("2026-01-01T06:00:00+05:45");
  });

  test("is named with its offset, Z for none", () => {
    expect(hourNameAt(at("2026-01-01T05:00:00Z"), 0)).toBe("2026-01-01T05:00:00Z");
    expect(hourNameAt(at("2026-01-01T05:00:00Z"), -9.5 * HOUR)).toBe("2025-12-31T19:30:00-09:30");
  });

  test("of a day is the local date", () => {
    expect(dayName(localDayOf(at("2026-03-01T02:00:00Z"), -5 * HOUR))).toBe("2026-02-28");
  });
});
