// The deadlines of one attempt, and its way to be ended: a signal with a reason.

import type { AttemptOutcome } from "#core/attempt.ts";
import type { AttemptLimits } from "#core/decision.ts";
import type { EndSignal } from "#core/ports/transport.ts";
import type { Watched } from "../live/watch.ts";

/** Why an attempt was ended from this side. */
export type EndReason =
  | Extract<AttemptOutcome, "first_token_timeout" | "idle_timeout" | "total_timeout">
  | "stopped";

/** Watches one attempt. Deadlines are of the monotonic clock. */
export class AttemptTimer implements Watched, EndSignal {
  readonly #idleTimeoutMs: number;
  readonly #totalDeadlineMs: number;
  #firstTokenDeadlineMs: number;
  #idleDeadlineMs = Number.POSITIVE_INFINITY;
  #listeners: (() => void)[] = [];
  endReason: EndReason | undefined;
  /** Called when the attempt is ended, by whoever waits for something else than the upstream. */
  onEnd: (() => void) | undefined;

  /**
   * @param limits of the virtual model
   * @param startedMs when this attempt began
   * @param exchangeStartedMs the total timeout counts from here, over all attempts
   * @param isStream first-token and idle timeouts hold for streams only
   */
  constructor(
    limits: AttemptLimits,
    startedMs: number,
    exchangeStartedMs: number,
    isStream: boolean,
  ) {
    this.#idleTimeoutMs = isStream ? limits.idleTimeoutMs : Number.POSITIVE_INFINITY;
    this.#totalDeadlineMs = exchangeStartedMs + limits.totalTimeoutMs;
    this.#firstTokenDeadlineMs =
      isStream && limits.firstTokenTimeoutMs !== undefined
        ? startedMs + limits.firstTokenTimeoutMs
        : Number.POSITIVE_INFINITY;
    if (isStream) this.#idleDeadlineMs = startedMs + limits.idleTimeoutMs;
  }

  get aborted(): boolean {
    return this.endReason !== undefined;
  }

  /** An abort signal without the weight of one: there is one a request, and few ever fire. */
  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }

  /** Bytes came, pings included. */
  touch(nowMs: number): void {
    this.#idleDeadlineMs = nowMs + this.#idleTimeoutMs;
  }

  /** Nobody asks the upstream for anything, so that its silence is not its fault. */
  expectNothing(): void {
    this.#idleDeadlineMs = Number.POSITIVE_INFINITY;
  }

  /** Content came. */
  firstToken(): void {
    this.#firstTokenDeadlineMs = Number.POSITIVE_INFINITY;
  }

  /** The stream has said its last word: only a short wait for its end is left. */
  expectEnd(nowMs: number, graceMs: number): void {
    this.#idleDeadlineMs = nowMs + graceMs;
  }

  /** Ends the attempt; only the first reason counts. */
  end(reason: EndReason): void {
    if (this.endReason !== undefined) return;
    this.endReason = reason;
    for (const listener of this.#listeners) listener();
    this.onEnd?.();
  }

  check(nowMs: number): void {
    if (nowMs >= this.#totalDeadlineMs) this.end("total_timeout");
    else if (nowMs >= this.#firstTokenDeadlineMs) this.end("first_token_timeout");
    else if (nowMs >= this.#idleDeadlineMs) this.end("idle_timeout");
  }
}
