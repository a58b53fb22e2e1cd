// Connections that wait for their next request, by origin. The last one in is the first one out, so that
// those that are not needed grow old and go.

import type { CancelTimer, Clock } from "#core/ports/clock.ts";
import type { Connection } from "./connection.ts";

/** Where the server does not say how long it keeps one. */
const KEPT_MS = 30_000;
/** What the server says, less this, so that it is not the server who closes first. */
const MARGIN_MS = 1_000;
const MOST_AN_ORIGIN = 1_024;
const SWEEP_MS = 5_000;

interface Waiting {
  readonly connection: Connection;
  readonly untilMs: number;
}

/** The pool. */
export class IdleConnections {
  readonly #clock: Clock;
  readonly #byOrigin = new Map<string, Waiting[]>();
  #cancelSweep: CancelTimer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The one that was used last and is still good. */
  take(origin: string): Connection | undefined {
    const waiting = this.#byOrigin.get(origin);
    if (waiting === undefined) return undefined;
    const nowMs = this.#clock.monotonic();
    for (let last = waiting.pop(); last !== undefined; last = waiting.pop()) {
      const { connection, untilMs } = last;
      if (!connection.isClosed && nowMs < untilMs) return connection;
      connection.destroy();
    }
    return undefined;
  }

  /** Keeps a connection until it is needed again, or closes it. */
  put(origin: string, connection: Connection): void {
    const { keepAliveMs } = connection;
    const keptMs = keepAliveMs === undefined ? KEPT_MS : Math.min(KEPT_MS, keepAliveMs - MARGIN_MS);
    let waiting = this.#byOrigin.get(origin);
    if (waiting === undefined) {
      waiting = [];
      this.#byOrigin.set(origin, waiting);
    }
    if (keptMs <= 0 || waiting.length >= MOST_AN_ORIGIN) {
      connection.destroy();
      return;
    }
    waiting.push({ connection, untilMs: this.#clock.monotonic() + keptMs });
    this.#cancelSweep ??= this.#clock.after(SWEEP_MS, () => this.#sweep());
  }

  #sweep(): void {
    this.#cancelSweep = undefined;
    const nowMs = this.#clock.monotonic();
    for (const [origin, waiting] of this.#byOrigin) {
      const good = waiting.filter(({ connection, untilMs }) => {
        if (!connection.isClosed && nowMs < untilMs) return true;
        connection.destroy();
        return false;
      });
      if (good.length === 0) this.#byOrigin.delete(origin);
      else this.#byOrigin.set(origin, good);
    }
    if (this.#byOrigin.size > 0)
      this.#cancelSweep = this.#clock.after(SWEEP_MS, () => this.#sweep());
  }
}
