// When the journal is imported: shortly after something was appended, and before each query.

import type { EventSink } from "#core/events.ts";
import type { CancelTimer, Clock } from "#core/ports/clock.ts";
import type { ImportReport } from "./importer.ts";

/** Rows must be visible a second after a call; the import itself takes milliseconds. */
const IMPORT_DELAY_MS = 200;
const RETRY_DELAY_MS = 1_000;

/** What a schedule needs. */
export interface ImportScheduleOptions {
  readonly clock: Clock;
  readonly emit: EventSink;
  /** Imports everything that is in the journal when it is called. */
  readonly runImport: () => Promise<ImportReport>;
}

/** Wakes the importer only when there is something to import: an idle gateway does nothing. */
export class ImportSchedule {
  readonly #options: ImportScheduleOptions;
  #hasNews = false;
  #isRunning = false;
  #cancel: CancelTimer | undefined;

  constructor(options: ImportScheduleOptions) {
    this.#options = options;
  }

  /** On the hot path: notes that the journal has grown. */
  appended(): void {
    this.#hasNews = true;
    if (this.#cancel === undefined && !this.#isRunning) this.#arm(IMPORT_DELAY_MS);
  }

  /**
   * Imports now, for a query that must see everything.
   * @throws what the import throws
   */
  async drain(): Promise<void> {
    this.#report(await this.#options.runImport());
  }

  /** Ends the timer; imports that have begun run on. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#cancel = undefined;
      void this.#tick();
    });
  }

  async #tick(): Promise<void> {
    this.#hasNews = false;
    this.#isRunning = true;
    let delayMs = IMPORT_DELAY_MS;
    try {
      await this.drain();
    } catch (error) {
      this.#options.emit({ type: "fault-caught", where: "journal import", error });
      this.#hasNews = true;
      delayMs = RETRY_DELAY_MS;
    }
    this.#isRunning = false;
    if (this.#hasNews) this.#arm(delayMs);
  }

  #report(report: ImportReport): void {
    for (const { segment, count } of report.torn) {
      this.#fault(
        `${segment} ends in ${count} bytes of a line that a crash cut off; they are skipped`,
      );
    }
    for (const { segment, count } of report.damaged) {
      this.#fault(
        `${count} lines of ${segment} are damaged; the file is kept as ${segment}.damaged`,
      );
    }
  }

  #fault(message: string): void {
    this.#options.emit({ type: "fault-caught", where: "journal", error: new Error(message) });
  }
}
