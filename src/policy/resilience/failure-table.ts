// What each kind of failure means: for the next attempt, for the target's health, for the caller.

import type { AttemptOutcome } from "#core/attempt.ts";
import type { ErrorCode } from "#core/errors.ts";

/** Outcomes that are failures of the attempt. */
export type FailureOutcome = Exclude<
  AttemptOutcome,
  "succeeded" | "truncated" | "client_cancelled"
>;

/** One row. */
export interface FailureRow {
  /** True: the next target of the route is tried. False: the answer goes to the client at once. */
  readonly movesOn: boolean;
  /** True: the same target may be tried again when no other is left. */
  readonly mayRepeat: boolean;
  /** What the failure speaks against: the target's breaker, the credential, or nothing. */
  readonly countsAgainst: "target" | "key" | "nothing";
  /** Error code for the client when this was the last attempt. */
  readonly code: ErrorCode;
}

/** Every failure. */
export const FAILURES: Readonly<Record<FailureOutcome, FailureRow>> = Object.freeze({
  connect_failed: failure(true, true, "target", "upstream_failed"),
  // Two sides that let go at the same time: it says nothing of the upstream's health.
  connection_lost: failure(true, true, "nothing", "upstream_failed"),
  connect_timeout: failure(true, true, "target", "upstream_timeout"),
  first_token_timeout: failure(true, true, "target", "upstream_timeout"),
  idle_timeout: failure(true, true, "target", "upstream_timeout"),
  total_timeout: failure(false, false, "target", "upstream_timeout"),
  rate_limited: failure(true, true, "key", "upstream_rate_limited"),
  overloaded: failure(true, true, "target", "upstream_overloaded"),
  server_error: failure(true, true, "target", "upstream_failed"),
  misconfigured: failure(true, false, "key", "upstream_misconfigured"),
  rejected: failure(false, false, "nothing", "upstream_rejected"),
  redirected: failure(true, false, "target", "upstream_failed"),
  malformed: failure(true, true, "target", "upstream_failed"),
  // Another target would answer as much, and each of them is paid for.
  reply_too_large: failure(false, false, "nothing", "upstream_failed"),
  // Its repair is another attempt at the same target; a third would only cost more.
  invalid_answer: failure(true, false, "nothing", "upstream_failed"),
  empty: failure(true, true, "nothing", "upstream_failed"),
});

/** The outcome that an HTTP status of an upstream stands for; undefined for 2xx. */
export function outcomeOfStatus(status: number): FailureOutcome | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return "redirected";
  switch (status) {
    case 401:
    case 402:
    case 403:
    case 404:
      return "misconfigured";
    case 408:
    case 425:
      return "server_error";
    case 429:
      return "rate_limited";
    // 498 is Groq's "flex capacity exceeded", 529 Anthropic's "overloaded".
    case 498:
    case 503:
    case 529:
      return "overloaded";
    default:
      return status >= 500 || status < 200 ? "server_error" : "rejected";
  }
}

/**
 * The outcome of an error that came inside a 200. It always moves on: an upstream that means "your
 * request is wrong" says so by its status.
 */
export function outcomeOfFault(status: number): FailureOutcome {
  const outcome = outcomeOfStatus(status);
  return outcome === "rate_limited" || outcome === "overloaded" ? outcome : "server_error";
}

function failure(
  movesOn: boolean,
  mayRepeat: boolean,
  countsAgainst: FailureRow["countsAgainst"],
  code: ErrorCode,
): FailureRow {
  return Object.freeze({ movesOn, mayRepeat, countsAgainst, code });
}
