// Time, as a port, so that tests and simulations own it.

/** Cancels a timer; cancelling twice is fine. */
export type CancelTimer = () => void;

/** Wall time for records, monotonic time for durations, and timers. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /** Calls back once after `delayMs`. */
  after(delayMs: number, callback: () => void): CancelTimer;
}
