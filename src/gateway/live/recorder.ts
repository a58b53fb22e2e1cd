// The way into the journal, and whether it is open: while the disk refuses records, no call may cost
// money at an upstream.

import { GatewayError } from "#core/errors.ts";
import type { EventSink } from "#core/events.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { Journal } from "#core/ports/journal.ts";
import type { ExchangeRecord } from "#core/record.ts";

const RETRY_AFTER_SECONDS = 5;
/** Anybody may ask whether the gateway is ready; the disk is asked no oftener than this. */
const CHECK_EVERY_MS = 1_000;

/** Writes records down and remembers whether the last one could be. */
export class Recorder {
  readonly #journal: Journal;
  readonly #emit: EventSink;
  readonly #clock: Pick<Clock, "monotonic">;
  #fault: unknown;
  #checkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(journal: Journal, emit: EventSink, clock: Pick<Clock, "monotonic">) {
    this.#journal = journal;
    this.#emit = emit;
    this.#clock = clock;
  }

  /** Whether records are taken; finds out, also when no call comes that would. */
  isWorking(): boolean {
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#checkedAtMs >= CHECK_EVERY_MS) {
      this.#checkedAtMs = nowMs;
      this.#attempt(() => this.#journal.check());
    }
    return this.#fault === undefined;
  }

  /**
   * Writes a record. What goes wrong is told once, until it goes right again.
   * @returns the error to answer with instead, undefined when the record is written
   */
  write(record: ExchangeRecord): GatewayError | undefined {
    this.#attempt(() => this.#journal.append(record));
    return this.#fault === undefined ? undefined : unrecordable(this.#fault);
  }

  /**
   * Stands before everything that an upstream is paid for. The refusal is written down like any other
   * end, and so finds out when the disk takes records again.
   * @throws GatewayError `overloaded` while records are refused
   */
  refuseWhenBroken(): void {
    if (this.#fault !== undefined) throw unrecordable(this.#fault);
  }

  #attempt(work: () => void): void {
    try {
      work();
      this.#fault = undefined;
    } catch (error) {
      if (this.#fault === undefined) this.#emit({ type: "fault-caught", where: "journal", error });
      this.#fault = error;
    }
  }
}

function unrecordable(cause: unknown): GatewayError {
  return new GatewayError("overloaded", "The gateway cannot record usage right now. Try again.", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}
