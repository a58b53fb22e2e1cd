// Stage "attempt": the loop over the route. Each target is tried until one gives a good reply, the
// attempts are spent, or a failure is the client's own.

import type { RouteEntry } from "#core/decision.ts";
import { GatewayError } from "#core/errors.ts";
import { targetName } from "#core/target.ts";
import { NO_USAGE } from "#core/usage.ts";
import { backoffMs } from "#policy/resilience/backoff.ts";
import { FAILURES } from "#policy/resilience/failure-table.ts";
import { nextDraw } from "#policy/routing/order-targets.ts";
import { type Exchange, StoppedEarly } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { usageOfFailed, usageOfUnanswered } from "../relay/used.ts";
import { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure } from "../upstream/attempt-failure.ts";
import { finalError } from "../upstream/final-error.ts";
import { type NextTry, outletOfTry } from "../upstream/next-try.ts";

/** Takes an opened attempt to the point where its reply is known to be good. */
export type Judge<Good> = (attempt: Attempt) => Promise<Good>;

/** An upstream that asks for a longer pause than this is not waited for. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Tries the route.
 * @param judge throws AttemptFailure when the reply is not good; everything before the commit point
 *   happens in it, so that every such failure can still move on
 * @throws GatewayError when no target gave a good reply; StoppedEarly when the client left meanwhile
 */
export async function attemptRoute<Good>(
  exchange: Exchange,
  dependencies: GatewayDependencies,
  judge: Judge<Good>,
): Promise<{ readonly attempt: Attempt; readonly good: Good }> {
  const walk = new RouteWalk(exchange);
  for (;;) {
    const next = walk.next();
    if (next === undefined) throw walk.exhausted();
    const waitMs = walk.waitMs();
    // There is no use in waiting for what total_timeout would not let happen.
    if (waitMs > 0 && waitMs >= leftMs(exchange, dependencies)) throw walk.exhausted();
    if (waitMs > 0) await pause(exchange, dependencies, waitMs);
    if (exchange.stopped !== undefined) throw new StoppedEarly(exchange.stopped);
    try {
      const attempt = new Attempt(exchange, next, dependencies);
      const good = await tryOnce(exchange, attempt, dependencies, judge);
      return { attempt, good };
    } catch (thrown) {
      walk.failed(next, thrown);
    }
  }
}

async function tryOnce<Good>(
  exchange: Exchange,
  attempt: Attempt,
  dependencies: GatewayDependencies,
  judge: Judge<Good>,
): Promise<Good> {
  exchange.onStop((reason) => attempt.stop(reason));
  try {
    await attempt.open();
    return await judge(attempt);
  } catch (thrown) {
    exchange.onStop(undefined);
    if (thrown instanceof GatewayError && !attempt.wasSent) {
      // The target cannot be asked that.
      attempt.timer.end("stopped");
      throw thrown;
    }
    const failure = attempt.failureOf(thrown);
    attempt.timer.end("stopped");
    const fault = exchange.body?.fault;
    if (fault !== undefined) {
      // What the client sends is no form: the upstream has not seen its end, and did nothing.
      attempt.record({ outcome: "client_cancelled", usage: NO_USAGE, message: fault.message });
      throw fault;
    }
    if (exchange.stopped !== undefined) {
      const isRefused = attempt.reply !== undefined && attempt.reply.status >= 300;
      const used = isRefused ? NO_USAGE : (failure.used ?? usageOfUnanswered(exchange));
      attempt.record({ outcome: "client_cancelled", usage: used });
      throw new StoppedEarly(exchange.stopped);
    }
    const { outcome, message, status, retryAfterMs } = failure;
    const used = usageOfFailed(exchange, failure, attempt.reading);
    attempt.record({ outcome, message, status, usage: used });
    const hasOtherKeys = attempt.provider.credentials.length > 1;
    const report = { outcome, status, retryAfterMs, hasOtherKeys };
    dependencies.health.failed(attempt.target, dependencies.clock.now(), report);
    throw failure;
  }
}

/** Where in the route an exchange is, and what is left of it. */
class RouteWalk {
  readonly #exchange: Exchange;
  readonly #queue: RouteEntry[];
  readonly #repeatable: RouteEntry[] = [];
  readonly #maxAttempts: number;
  #tries = 0;
  #repeats = 0;
  #draw: number;
  #last: AttemptFailure | undefined;
  #refusal: GatewayError | undefined;
  #isRepeating = false;
  /** The same target once more: for an answer that it may mend, or by another outlet. */
  #again: NextTry | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#queue = [...(exchange.decision?.route ?? [])];
    this.#maxAttempts = exchange.decision?.limits.attempts ?? 0;
    this.#draw = exchange.draw;
  }

  /** The next target to try; undefined when none is left or the attempts are spent. */
  next(): NextTry | undefined {
    const again = this.#again;
    this.#again = undefined;
    if (again !== undefined) return again;
    if (this.#tries >= this.#maxAttempts) return undefined;
    if (this.#exchange.body?.isReplayable === false) return undefined;
    const entry = this.#queue.shift() ?? this.#nextRepeat();
    return entry && { entry };
  }

  #nextRepeat(): RouteEntry | undefined {
    this.#isRepeating = true;
    const wait = this.#last?.retryAfterMs ?? 0;
    return wait > LONGEST_WAIT_MS ? undefined : this.#repeatable.shift();
  }

  /** How long to wait before it: only a target that has just failed is given a pause. */
  waitMs(): number {
    if (!this.#isRepeating) return 0;
    this.#draw = nextDraw(this.#draw);
    this.#repeats += 1;
    return backoffMs(this.#repeats - 1, this.#draw, this.#last?.retryAfterMs);
  }

  /** Takes note of a failure. @throws the error for the client when nothing may follow */
  failed(tried: NextTry, thrown: unknown): void {
    const { entry, repair } = tried;
    if (thrown instanceof GatewayError && thrown.code === "unsupported_feature") {
      this.#refusal ??= thrown;
      const byAnother = { ...tried, rank: (tried.rank ?? 0) + 1 };
      // What one language cannot say another of the same provider may.
      if (outletOfTry(this.#exchange, byAnother) !== undefined) this.#again = byAnother;
      return;
    }
    if (!(thrown instanceof AttemptFailure)) throw thrown;
    this.#last = thrown;
    if (thrown.repair !== undefined && repair === undefined) {
      // One question in two steps: it counts as one try.
      this.#again = { ...tried, repair: thrown.repair };
      return;
    }
    const mayResend = tried.isResent !== true && this.#exchange.body?.isReplayable !== false;
    if (thrown.outcome === "connection_lost" && mayResend) {
      // Nothing was answered, and a connection that is new cannot be lost in that way.
      this.#again = { ...tried, isResent: true };
      return;
    }
    this.#tries += 1;
    const row = FAILURES[thrown.outcome];
    if (!row.movesOn) throw finalError(this.#exchange, thrown);
    if (row.mayRepeat) this.#repeatable.push(entry);
    // Another credential reaches the same model.
    if (thrown.outcome === "invalid_answer") this.#drop(entry);
    // Another credential does not help where the target itself is in trouble: that goes last.
    if (row.countsAgainst === "target") this.#moveToBack(entry);
  }

  exhausted(): GatewayError {
    if (this.#last !== undefined) return finalError(this.#exchange, this.#last);
    return this.#refusal ?? new GatewayError("internal_error", "The route was empty.");
  }

  #drop(failed: RouteEntry): void {
    const name = targetName(failed.target);
    const others = this.#queue.filter(({ target }) => targetName(target) !== name);
    this.#queue.splice(0, this.#queue.length, ...others);
  }

  #moveToBack(failed: RouteEntry): void {
    const name = targetName(failed.target);
    const same = this.#queue.filter(({ target }) => targetName(target) === name);
    if (same.length === 0 || same.length === this.#queue.length) return;
    const others = this.#queue.filter(({ target }) => targetName(target) !== name);
    this.#queue.splice(0, this.#queue.length, ...others, ...same);
  }
}

/** Milliseconds until total_timeout. */
function leftMs(exchange: Exchange, { clock }: GatewayDependencies): number {
  const { limits } = exchange.decision ?? {};
  const elapsedMs = clock.monotonic() - exchange.startedTick;
  return (limits?.totalTimeoutMs ?? Number.POSITIVE_INFINITY) - elapsedMs;
}

/** Waits, but not longer than the client does. */
function pause(
  exchange: Exchange,
  dependencies: GatewayDependencies,
  waitMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = dependencies.clock.after(waitMs, () => {
      exchange.onStop(undefined);
      resolve();
    });
    exchange.onStop(() => {
      cancel();
      resolve();
    });
  });
}
