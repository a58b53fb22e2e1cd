// Hours and days of a time zone: when its offset changes, and what a bucket is called.

import { invalidRequest } from "#core/errors.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A stretch of time with one offset. Milliseconds; the local clock shows UTC plus `offsetMs`. */
export interface OffsetPeriod {
  /** When the period ends, exclusive; Infinity for the last. */
  readonly untilMs: number;
  readonly offsetMs: number;
}

/** Gives the offset of a zone at a time. */
export type OffsetAt = (atMs: number) => number;

/**
 * The offsets of an IANA time zone.
 * @throws GatewayError `invalid_request` when the runtime does not know the zone
 */
export function zoneOffsets(timeZone: string): OffsetAt {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw invalidRequest(
      "time_zone",
      "The time zone is unknown; give an IANA name, Europe/Berlin.",
    );
  }
  return (atMs) => {
    const wholeSecond = Math.floor(atMs / 1000) * 1000;
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(wholeSecond)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
  };
}

/** The periods of constant offset that cover a range, found by looking at each day. */
export function offsetPeriods(
  offsetAt: OffsetAt,
  fromMs: number,
  toMs: number,
): readonly OffsetPeriod[] {
  const periods: OffsetPeriod[] = [];
  let offsetMs = offsetAt(fromMs);
  let previousMs = fromMs;
  while (previousMs < toMs) {
    const nextMs = Math.min(previousMs + DAY_MS, toMs);
    const nextOffsetMs = offsetAt(nextMs);
    if (nextOffsetMs !== offsetMs) {
      periods.push({ untilMs: changeBetween(offsetAt, previousMs, nextMs), offsetMs });
      offsetMs = nextOffsetMs;
    }
    previousMs = nextMs;
  }
  periods.push({ untilMs: Number.POSITIVE_INFINITY, offsetMs });
  return periods;
}

/** The first millisecond with the offset of `highMs`, by halving. */
function changeBetween(offsetAt: OffsetAt, lowMs: number, highMs: number): number {
  const after = offsetAt(highMs);
  let low = lowMs;
  let high = highMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === after) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The name of an hour with its offset, so that the hour which the end of summer time repeats stays
 * two: `2026-10-25T02:00:00+02:00`.
 * @param startMs start of the hour, milliseconds since the epoch
 */
export function hourNameAt(startMs: number, offsetMs: number): string {
  const local = new Date(startMs + offsetMs).toISOString().slice(0, 19);
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  if (minutes === 0) return `${local}Z`;
  const sign = offsetMs < 0 ? "-" : "+";
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${local}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** The start of the local hour that holds a time, in milliseconds since the epoch. */
export function hourStart(atMs: number, offsetMs: number): number {
  return Math.floor((atMs + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
}

/** The name of a local day: `2026-10-25`. @param localDay as `localDayOf` counts */
export function dayName(localDay: number): string {
  return new Date(localDay * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days since 1970-01-01 on the local clock. */
export function localDayOf(atMs: number, offsetMs: number): number {
  return Math.floor((atMs + offsetMs) / DAY_MS);
}
