// The way into the journal, and whether it is open: while the disk refuses records, no call may cost
// money at an upstream.

import { GatewayError } from "#core/errors.ts";
import type { EventSink } from "#core/events.ts";
import type { Journal } from "#core/ports/journal.ts";
import type { ExchangeRecord } from "#core/record.ts";

const RETRY_AFTER_SECONDS = 5;

/** Writes records down and remembers whether the last one could be. */
export class Recorder {
  readonly #journal: Journal;
  readonly #emit: EventSink;
  #fault: unknown;

  constructor(journal: Journal, emit: EventSink) {
    this.#journal = journal;
    this.#emit = emit;
  }

  /**
   * Writes a record. What goes wrong is told once, until it goes right again.
   * @returns the error to answer with instead, undefined when the record is written
   */
  write(record: ExchangeRecord): GatewayError | undefined {
    try {
      this.#journal.append(record);
      this.#fault = undefined;
      return undefined;
    } catch (error) {
      if (this.#fault === undefined) this.#emit({ type: "fault-caught", where: "journal", error });
      this.#fault = error;
      return unrecordable(error);
    }
  }

  /**
   * Stands before everything that an upstream is paid for. The refusal is written down like any other
   * end, and so finds out when the disk takes records again.
   * @throws GatewayError `overloaded` while records are refused
   */
  refuseWhenBroken(): void {
    if (this.#fault !== undefined) throw unrecordable(this.#fault);
  }
}

function unrecordable(cause: unknown): GatewayError {
  return new GatewayError("overloaded", "The gateway cannot record usage right now. Try again.", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}
