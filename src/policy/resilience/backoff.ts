// How long to wait before the same target is tried again: exponential with full jitter.

const FIRST_CAP_MS = 200;
const HIGHEST_CAP_MS = 5_000;

/**
 * Waiting time before a repeat.
 * @param repeats how often this exchange has already repeated, from 0
 * @param draw a number in [0, 1)
 * @param retryAfterMs what the upstream asked for, undefined when it said nothing
 */
export function backoffMs(repeats: number, draw: number, retryAfterMs: number | undefined): number {
  const cap = Math.min(HIGHEST_CAP_MS, FIRST_CAP_MS * 2 ** repeats);
  return Math.max(Math.round(draw * cap), retryAfterMs ?? 0);
}
