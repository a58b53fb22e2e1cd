// Time of the machine: the production Clock.

import type { Clock } from "#core/ports/clock.ts";

/**
 * The system's clocks and timers. Timers never hold the process: sockets and worker threads do, so
 * that a pending timeout cannot delay an exit.
 */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
});
