// Something short-lived that is kept fresh: a token, session keys. One request for all who wait; a new one
// is fetched while the old one is still good, so that nobody waits for it.

import type { Clock } from "#core/ports/clock.ts";

/** A value with its end, milliseconds since the epoch. */
export interface Lease<Value> {
  readonly value: Value;
  readonly expiresAtMs: number;
}

/** Ahead of the end by this much, or by a fifth of a short life, a new one is fetched. */
const LONGEST_AHEAD_MS = 5 * 60_000;
const AHEAD_SHARE = 0.2;
/** What is as good as over: it has to arrive while it is good, by the clock of somebody else. */
const LONGEST_MARGIN_MS = 10_000;
const MARGIN_SHARE = 0.05;
/** After a refusal nobody asks again for this long: services lock out those who hammer them. */
const REST_MS = 1_000;
/** After a failure that may pass: the next try of the same call should find out. */
const SHORT_REST_MS = 100;
/** A value that was said to be over before its time is not replaced more often than this. */
const RENEWAL_REST_MS = 10_000;

/** Times of the value that is held. */
interface Held<Value> {
  readonly value: Value;
  readonly refreshAtMs: number;
  readonly overAtMs: number;
}

/** One value, fetched when it is needed and kept until shortly before its end. */
export class ShortLived<Value> {
  readonly #clock: Clock;
  readonly #fetch: () => Promise<Lease<Value>>;
  readonly #mayPass: (failure: unknown) => boolean;
  #held: Held<Value> | undefined;
  #flight: Promise<Value> | undefined;
  #restUntilMs = 0;
  #lastFailure: unknown;
  #lastRenewalMs = Number.NEGATIVE_INFINITY;

  /** @param mayPass true for failures that are not the last word */
  constructor(
    clock: Clock,
    fetch: () => Promise<Lease<Value>>,
    mayPass: (failure: unknown) => boolean,
  ) {
    this.#clock = clock;
    this.#fetch = fetch;
    this.#mayPass = mayPass;
  }

  /**
   * The value itself when there is a good one, which costs nothing.
   * @throws (rejects with) what the fetch threw, also for the short rest after it
   */
  get(): Value | Promise<Value> {
    const nowMs = this.#clock.now();
    const held = this.#held;
    if (held !== undefined && nowMs < held.overAtMs) {
      if (nowMs >= held.refreshAtMs && nowMs >= this.#restUntilMs) {
        // Whoever asked has a good one; a failure shows when that is over.
        this.#start().catch(() => undefined);
      }
      return held.value;
    }
    if (this.#flight === undefined && nowMs < this.#restUntilMs) {
      return Promise.reject(this.#lastFailure);
    }
    return this.#start();
  }

  /**
   * Gives up a value that was refused before its time.
   * @returns false when it is no use to ask for another one: one has only just been fetched
   */
  giveUp(value: Value): boolean {
    // Somebody else has given it up already: there is a new one, or it is on its way.
    if (this.#held?.value !== value) return true;
    const nowMs = this.#clock.now();
    if (nowMs - this.#lastRenewalMs < RENEWAL_REST_MS) return false;
    this.#lastRenewalMs = nowMs;
    this.#held = undefined;
    return true;
  }

  #start(): Promise<Value> {
    this.#flight ??= this.#fly().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #fly(): Promise<Value> {
    const askedAtMs = this.#clock.now();
    try {
      const { value, expiresAtMs } = await this.#fetch();
      const lifeMs = Math.max(0, expiresAtMs - askedAtMs);
      this.#held = {
        value,
        refreshAtMs: expiresAtMs - Math.min(LONGEST_AHEAD_MS, lifeMs * AHEAD_SHARE),
        overAtMs: expiresAtMs - Math.min(LONGEST_MARGIN_MS, lifeMs * MARGIN_SHARE),
      };
      this.#restUntilMs = 0;
      return value;
    } catch (error) {
      this.#lastFailure = error;
      const restMs = this.#mayPass(error) ? SHORT_REST_MS : REST_MS;
      this.#restUntilMs = this.#clock.now() + restMs;
      throw error;
    }
  }
}
