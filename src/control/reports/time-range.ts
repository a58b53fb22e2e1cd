// The stretch of time that a report covers.

import { invalidRequest } from "#core/errors.ts";

const DAY_MS = 24 * 3600 * 1000;

/** `fromMs` inclusive, `toMs` exclusive, milliseconds since the epoch. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Completes a range: without an end it reaches to now and includes it, without a start it is a day.
 * @throws GatewayError `invalid_request` when the end is not after the start
 */
export function timeRange(
  from: number | undefined,
  to: number | undefined,
  nowMs: number,
): TimeRange {
  const toMs = to ?? nowMs + 1;
  const fromMs = from ?? toMs - DAY_MS;
  if (fromMs >= toMs)
    throw invalidRequest("from", "The range is empty: `from` must be before `to`.");
  return { fromMs, toMs };
}
