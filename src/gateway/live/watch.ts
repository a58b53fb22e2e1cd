// One ticking watch over everything that has a deadline, instead of timers by the thousand: a deadline
// is a number that is looked at twenty times a second while anything is being watched.

import type { CancelTimer, Clock } from "#core/ports/clock.ts";

/** How late a deadline may be noticed, in milliseconds. */
export const TICK_MS = 50;

/** Something with deadlines. */
export interface Watched {
  /**
   * Looks at its deadlines. Must not throw.
   * @param nowMs of the monotonic clock
   */
  check(nowMs: number): void;
}

/** Ticks while it has something to watch. */
export class Watch {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
    if (this.#cancel === undefined) this.#schedule();
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched);
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    const nowMs = this.#clock.monotonic();
    for (const watched of this.#watched) watched.check(nowMs);
    if (this.#watched.size > 0) this.#schedule();
    else this.#cancel = undefined;
  }
}
