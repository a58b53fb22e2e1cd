import { describe, expect, test } from "bun:test";
import { backoffMs } from "./backoff.ts";
import { afterFailure, afterSuccess, type BreakerState, CLOSED } from "./breaker.ts";
import { FAILURES, outcomeOfFault, outcomeOfStatus } from "./failure-table.ts";

function fail(state: BreakerState, times: number, nowMs = 0): BreakerState {
  let next = state;
  for (let count = 0; count < times; count += 1) next = afterFailure(next, nowMs);
  return next;
}

describe("a breaker", () => {
  test("stays closed after one failure in a hundred", () => {
    let state = CLOSED;
    for (let count = 0; count < 100; count += 1) {
      state = count === 50 ? afterFailure(state, count) : afterSuccess(state, count);
    }
    expect(state.openUntil).toBe(0);
  });

  test("opens after five failures in a row and rests twice as long each time", () => {
    expect(fail(CLOSED, 4).openUntil).toBe(0);
    const opened = fail(CLOSED, 5);
    expect(opened.openUntil).toBe(5_000);
    const again = afterFailure(opened, 6_000);
    expect(again.openUntil).toBe(16_000);
    expect(afterFailure(fail(again, 10, 100_000), 400_000).openUntil).toBeLessThanOrEqual(460_000);
  });

  test("opens when half of twenty calls failed, in any order", () => {
    let state = CLOSED;
    for (let count = 0; count < 10; count += 1) state = afterFailure(afterSuccess(state, 1), 1);
    expect(state.openUntil).toBeGreaterThan(0);
  });

  test("does not rest longer for calls that were under way when it opened", () => {
    expect(afterFailure(fail(CLOSED, 5), 100).openUntil).toBe(5_000);
  });

  test("closes with the first success", () => {
    const state = afterSuccess(fail(CLOSED, 5), 6_000);
    expect(state.openUntil).toBe(0);
    expect(fail(state, 4, 6_001).openUntil).toBe(0);
  });

  test("survives a clock that is set back", () => {
    const state = afterFailure({ ...CLOSED, windowStartedAt: 1_000_000, failures: 3 }, 10);
    expect(state.failures).toBe(1);
  });
});

describe("the failure table", () => {
  test.each([
    [302, "redirected"],
    [400, "rejected"],
    [401, "misconfigured"],
    [402, "misconfigured"],
    [403, "misconfigured"],
    [404, "misconfigured"],
    [408, "server_error"],
    [413, "rejected"],
    [422, "rejected"],
    [429, "rate_limited"],
    [500, "server_error"],
    [503, "overloaded"],
    [529, "overloaded"],
  ] as const)("reads %d as %s", (status, outcome) => {
    expect(outcomeOfStatus(status)).toBe(outcome);
  });

  test("moves on after all but the client's own fault, a spent deadline and a reply too large", () => {
    const final = Object.entries(FAILURES).filter(([, row]) => !row.movesOn);
    expect(final.map(([outcome]) => outcome).toSorted()).toEqual([
      "rejected",
      "reply_too_large",
      "total_timeout",
    ]);
  });

  test("never lets an error inside a 200 be the client's fault", () => {
    for (const status of [0, 400, 401, 404, 422, 500]) {
      expect(FAILURES[outcomeOfFault(status)].movesOn).toBe(true);
    }
    expect(outcomeOfFault(429)).toBe("rate_limited");
    expect(outcomeOfFault(529)).toBe("overloaded");
  });
});

describe("the pause before a repeat", () => {
  test("is jittered over the whole range, grows, and is bounded", () => {
    expect(backoffMs(0, 0, undefined)).toBe(0);
    expect(backoffMs(0, 0.5, undefined)).toBe(100);
    expect(backoffMs(3, 0.5, undefined)).toBe(800);
    expect(backoffMs(40, 0.999, undefined)).toBeLessThanOrEqual(5_000);
  });

  test("is never shorter than the upstream asks", () => {
    expect(backoffMs(0, 0.1, 3_000)).toBe(3_000);
  });
});
