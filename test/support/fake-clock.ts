// A clock that only moves when a test says so.

import type { Clock } from "#core/ports/clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A manual clock: timers fire in order of their due time, equal ones in the order they were set. */
export interface FakeClock extends Clock {
  /** Timers that have not fired. */
  readonly pending: number;
  /** Moves time on and fires what falls due, also timers that were set on the way. */
  advance(durationMs: number): void;
  /** Advances step by step and lets promises settle after each timer. */
  advanceAsync(durationMs: number): Promise<void>;
}

/** @param startMs wall time at which the clock starts, milliseconds since the epoch */
export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsedMs = 0;
  let count = 0;
  const timers = new Set<Timer>();

  function nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs > untilMs) continue;
      const isEarlier =
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order);
      if (isEarlier) next = timer;
    }
    return next;
  }

  function fire(timer: Timer): void {
    timers.delete(timer);
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    timer.callback();
  }

  return {
    get pending() {
      return timers.size;
    },
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(delayMs, callback) {
      count += 1;
      const timer = { dueMs: elapsedMs + Math.max(0, delayMs), order: count, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(durationMs) {
      const untilMs = elapsedMs + durationMs;
      for (let next = nextDue(untilMs); next !== undefined; next = nextDue(untilMs)) fire(next);
      elapsedMs = untilMs;
    },
    async advanceAsync(durationMs) {
      const untilMs = elapsedMs + durationMs;
      await settle();
      for (let next = nextDue(untilMs); next !== undefined; next = nextDue(untilMs)) {
        fire(next);
        await settle();
      }
      elapsedMs = untilMs;
    },
  };
}

/** Lets everything run that waits for promises alone. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
