// Field types that several resources share: times, names, money.

import { z } from "zod";

/** A time in and out, RFC 3339 with a zone; milliseconds since the epoch inside. */
export const TIME = z.iso
  .datetime({ offset: true, error: "give a time like 2026-01-31T12:00:00Z" })
  .transform((text) => Date.parse(text));

/** A time as answers hold it. */
export const TIME_TEXT = z.string().describe("RFC 3339, UTC.");

/** A name that people choose: printable, at most 200 characters. */
export const NAME = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u, { error: "must be printable text" });

/** Exact US dollars. */
export const USD = z.string().describe("US dollars as an exact decimal.");

/** Writes a time; 0 stands for none. */
export function timeText(atMs: number): string | null {
  return atMs === 0 ? null : new Date(atMs).toISOString();
}
