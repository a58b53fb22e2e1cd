// Quantities on the command line: durations, times, whole numbers.

import { InvalidArgumentError } from "commander";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `300ms`, `10s`, `5m`, `24h`, `30d`; undefined for any other text. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? 0);
}

/** Whole seconds of a duration. @throws InvalidArgumentError */
export function parseSeconds(text: string): number {
  const milliseconds = durationMs(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("Write a duration like 1h or 0s.");
  return Math.floor(milliseconds / 1000);
}

/** A whole number of at least 1. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}

/**
 * A time as RFC 3339: a full time as it is, a day as its first moment in UTC, a duration as that long
 * ago. The gateway judges full times.
 */
export function timeText(text: string, nowMs: number): string {
  const agoMs = durationMs(text);
  if (agoMs !== undefined) return new Date(nowMs - agoMs).toISOString();
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}
