// When old rows are deleted: after each change of the settings and every hour, batch by batch.

import type { EventSink } from "#core/events.ts";
import type { CancelTimer, Clock } from "#core/ports/clock.ts";
import type { RetentionCuts } from "./retention.ts";

const SWEEP_INTERVAL_MS = 3_600_000;
const BATCH_PAUSE_MS = 100;

/** How long rows are kept; as in the snapshot. */
export interface RetentionSettings {
  readonly decisionsMs: number;
  readonly usageMs: number;
}

/** What a schedule needs. */
export interface RetentionScheduleOptions {
  readonly clock: Clock;
  readonly emit: EventSink;
  /** Deletes one batch; true = there may be more. */
  readonly sweepBatch: (cuts: RetentionCuts) => Promise<boolean>;
}

/** Sweeps with pauses, so that imports come in between. */
export class RetentionSchedule {
  readonly #options: RetentionScheduleOptions;
  #settings: RetentionSettings | undefined;
  #isSweeping = false;
  #isStopped = false;
  #cancel: CancelTimer | undefined;

  constructor(options: RetentionScheduleOptions) {
    this.#options = options;
  }

  /** Takes new settings, which hold from the next batch on. */
  set(settings: RetentionSettings): void {
    this.#settings = settings;
    if (!this.#isSweeping) this.#arm(BATCH_PAUSE_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #arm(delayMs: number): void {
    this.#cancel?.();
    if (!this.#isStopped)
      this.#cancel = this.#options.clock.after(delayMs, () => void this.#sweep());
  }

  async #sweep(): Promise<void> {
    if (this.#settings === undefined) return;
    const nowMs = this.#options.clock.now();
    this.#isSweeping = true;
    let hasMore = false;
    try {
      hasMore = await this.#options.sweepBatch({
        decisionsBeforeMs: nowMs - this.#settings.decisionsMs,
        usageBeforeMs: nowMs - this.#settings.usageMs,
      });
    } catch (error) {
      this.#options.emit({ type: "fault-caught", where: "retention", error });
    }
    this.#isSweeping = false;
    this.#arm(hasMore ? BATCH_PAUSE_MS : SWEEP_INTERVAL_MS);
  }
}
