// What the gateway has lately seen of each target: breaker, quarantine of its credential, latencies.
// Passive: only real calls feed it. Bounded: callers can name models, so the least used is forgotten.

import type { EventSink } from "#core/events.ts";
import type { Target } from "#core/target.ts";
import { targetKey, targetName } from "#core/target.ts";
import {
  afterFailure,
  afterSuccess,
  type BreakerState,
  CLOSED,
} from "#policy/resilience/breaker.ts";
import { FAILURES, type FailureOutcome } from "#policy/resilience/failure-table.ts";
import type { TargetHealth } from "#policy/routing/decide.ts";
import { Samples } from "./samples.ts";

const MOST_TARGETS = 2_000;
/** A credential that was refused is tried again after this time. */
const REFUSED_KEY_REST_MS = 60_000;
/** Longest time that an upstream's retry-after can set a credential aside. */
const LONGEST_QUARANTINE_MS = 15 * 60_000;

/** Calls that an open breaker or a quarantine counts for when something has to be forgotten. */
const WATCHED_WEIGHT = 1_000;

/** Live state of one target. */
interface TargetState {
  readonly target: Target;
  breaker: BreakerState;
  /** Milliseconds since the epoch, 0 = none. */
  quarantinedUntil: number;
  inFlight: number;
  readonly firstTokenMs: Samples;
  readonly tokensPerSecond: Samples;
  readonly failed: Samples;
}

/** One row of `GET /admin/v1/targets`. */
export interface TargetRow {
  readonly target: string;
  readonly key: string;
  readonly breaker: TargetHealth["breaker"];
  readonly samples: number;
  readonly first_token_p50_ms: number | null;
  readonly first_token_p95_ms: number | null;
  readonly tokens_per_second: number | null;
  readonly error_rate: number | null;
  readonly in_flight: number;
}

/** A failed attempt, as far as health is concerned. */
export interface FailureReport {
  readonly outcome: FailureOutcome;
  readonly status: number;
  /** Milliseconds, undefined when the upstream did not say. */
  readonly retryAfterMs: number | undefined;
  /** True when the provider has other credentials to fall back on. */
  readonly hasOtherKeys: boolean;
}

const HEALTHY: TargetHealth = Object.freeze({
  breaker: "closed",
  quarantinedUntilMs: 0,
  dueAtMs: 0,
});

/** Health of all targets of this process. */
export class Health {
  readonly #states = new Map<string, TargetState>();
  readonly #emit: EventSink;

  constructor(emit: EventSink) {
    this.#emit = emit;
  }

  /** Health as a decision sees it. */
  of(target: Target, nowMs: number): TargetHealth {
    const state = this.#states.get(targetKey(target));
    if (state === undefined) return HEALTHY;
    const { openUntil } = state.breaker;
    return {
      breaker: openUntil === 0 ? "closed" : openUntil > nowMs ? "open" : "probing",
      quarantinedUntilMs: state.quarantinedUntil > nowMs ? state.quarantinedUntil : 0,
      dueAtMs: openUntil,
    };
  }

  /** An attempt begins. While a probe is under way the breaker counts as open for everybody else. */
  began(target: Target, nowMs: number): void {
    const state = this.#state(target);
    state.inFlight += 1;
    const { openUntil } = state.breaker;
    if (openUntil > 0 && openUntil <= nowMs) {
      state.breaker = { ...state.breaker, openUntil: nowMs + 5_000 };
    }
  }

  /** An attempt is over, whatever came of it. */
  ended(target: Target): void {
    const state = this.#states.get(targetKey(target));
    if (state !== undefined && state.inFlight > 0) state.inFlight -= 1;
  }

  succeeded(target: Target, nowMs: number, firstTokenMs: number, tokensPerSecond: number): void {
    const state = this.#state(target);
    const wasOpen = state.breaker.openUntil > 0;
    state.breaker = afterSuccess(state.breaker, nowMs);
    state.failed.add(0);
    state.firstTokenMs.add(firstTokenMs);
    if (tokensPerSecond > 0) state.tokensPerSecond.add(tokensPerSecond);
    if (wasOpen) this.#announce(target, "closed");
  }

  failed(target: Target, nowMs: number, report: FailureReport): void {
    const state = this.#state(target);
    const { countsAgainst } = FAILURES[report.outcome];
    if (countsAgainst === "nothing") return;
    state.failed.add(1);
    if (countsAgainst === "key") this.#setAside(state, nowMs, report);
    else {
      const wasOpen = state.breaker.openUntil > 0;
      state.breaker = afterFailure(state.breaker, nowMs);
      if (!wasOpen && state.breaker.openUntil > 0) this.#announce(target, "open");
    }
  }

  /** Rows for operators, one a target and credential that was used. */
  rows(nowMs: number): TargetRow[] {
    return [...this.#states.values()].map((state) => ({
      target: targetName(state.target),
      key: state.target.key,
      breaker: this.of(state.target, nowMs).breaker,
      samples: state.failed.count,
      first_token_p50_ms: rounded(state.firstTokenMs.percentile(0.5)),
      first_token_p95_ms: rounded(state.firstTokenMs.percentile(0.95)),
      tokens_per_second: rounded(state.tokensPerSecond.percentile(0.5)),
      error_rate: rounded(state.failed.mean()),
      in_flight: state.inFlight,
    }));
  }

  /**
   * Rate limits hold for the time that the upstream names, never shortened by a later one. A refused
   * credential rests only where another can stand in: with a single key the next call shows at once
   * whether the operator has mended it.
   */
  #setAside(state: TargetState, nowMs: number, report: FailureReport): void {
    let restMs = Math.min(report.retryAfterMs ?? 0, LONGEST_QUARANTINE_MS);
    const refused = report.outcome === "misconfigured" && report.status !== 404;
    if (refused && report.hasOtherKeys) restMs = REFUSED_KEY_REST_MS;
    state.quarantinedUntil = Math.max(state.quarantinedUntil, restMs > 0 ? nowMs + restMs : 0);
  }

  #state(target: Target): TargetState {
    const key = targetKey(target);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= MOST_TARGETS) this.#forgetOne();
    const state: TargetState = {
      target,
      breaker: CLOSED,
      quarantinedUntil: 0,
      inFlight: 0,
      firstTokenMs: new Samples(),
      tokensPerSecond: new Samples(),
      failed: new Samples(),
    };
    this.#states.set(key, state);
    return state;
  }

  /**
   * Forgets the one that the fewest calls went to. Whoever invents names must not make the gateway forget
   * what it knows of the targets that everybody uses.
   */
  #forgetOne(): void {
    let leastKey: string | undefined;
    let leastWeight = Number.POSITIVE_INFINITY;
    for (const [key, state] of this.#states) {
      if (state.inFlight > 0) continue;
      const isWatched = state.breaker.openUntil > 0 || state.quarantinedUntil > 0;
      const weight = state.failed.count + (isWatched ? WATCHED_WEIGHT : 0);
      if (weight >= leastWeight) continue;
      leastKey = key;
      leastWeight = weight;
    }
    if (leastKey !== undefined) this.#states.delete(leastKey);
  }

  #announce(target: Target, state: string): void {
    this.#emit({ type: "breaker-changed", target: targetName(target), state });
  }
}

/** To a thousandth: more digits would claim more than a few samples know. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
