// Quantities on the command line: durations, times, whole numbers.

import { InvalidArgumentError } from "commander";
import { CommandFault } from "./command-fault.ts";
import { plainText } from "./terminal-text.ts";

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

/** What `timeText` reads, for help and messages. */
export const TIME_FORMS = "24h, 7d, yesterday, 2026-01-31 or 2026-01-31T12:00:00Z";

const DAY_MS = 86_400_000;
/** Days before today, in UTC. */
const DAYS: ReadonlyMap<string, number> = new Map([
  ["today", 0],
  ["yesterday", 1],
]);
const FULL_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * A time as RFC 3339: a full time as it is, a day or its name as its first moment in UTC, a duration as
 * that long ago.
 * @param flag that the text was given for
 * @throws CommandFault 2 for any other text
 */
export function timeText(flag: string, text: string, nowMs: number): string {
  const agoMs = durationMs(text);
  if (agoMs !== undefined) return new Date(nowMs - agoMs).toISOString();
  const daysAgo = DAYS.get(text.toLowerCase());
  if (daysAgo !== undefined) {
    const today = Math.floor(nowMs / DAY_MS);
    return new Date((today - daysAgo) * DAY_MS).toISOString();
  }
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (FULL_TIME.test(time) && !Number.isNaN(Date.parse(time))) return time;
  throw new CommandFault(2, `${flag} is ${plainText(text)}; write ${TIME_FORMS}`);
}
