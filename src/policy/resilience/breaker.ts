// The breaker of one target as a pure state machine: counts in, state out.

/** State of a breaker. Times in milliseconds since the epoch. */
export interface BreakerState {
  readonly consecutiveFailures: number;
  /** Successes and failures of the current window. */
  readonly successes: number;
  readonly failures: number;
  readonly windowStartedAt: number;
  /** 0 = closed. */
  readonly openUntil: number;
  /** How often it opened in a row without a success, for the growing rest. */
  readonly openings: number;
}

export const CLOSED: BreakerState = Object.freeze({
  consecutiveFailures: 0,
  successes: 0,
  failures: 0,
  windowStartedAt: 0,
  openUntil: 0,
  openings: 0,
});

const WINDOW_MS = 30_000;
const CONSECUTIVE_TO_OPEN = 5;
const SAMPLES_TO_JUDGE = 20;
const SHARE_TO_OPEN = 0.5;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;

/** One good answer closes the breaker whatever came before. */
export function afterSuccess(state: BreakerState, nowMs: number): BreakerState {
  const window = inWindow(state, nowMs);
  return {
    ...window,
    successes: window.successes + 1,
    consecutiveFailures: 0,
    openUntil: 0,
    openings: 0,
  };
}

/**
 * A failure opens it after five in a row, or when at least half of at least twenty calls of the window
 * failed. Each opening in a row rests twice as long, up to a minute.
 */
export function afterFailure(state: BreakerState, nowMs: number): BreakerState {
  const window = inWindow(state, nowMs);
  const next = {
    ...window,
    failures: window.failures + 1,
    consecutiveFailures: window.consecutiveFailures + 1,
  };
  const samples = next.failures + next.successes;
  const opens =
    state.openUntil > 0 ||
    next.consecutiveFailures >= CONSECUTIVE_TO_OPEN ||
    (samples >= SAMPLES_TO_JUDGE && next.failures / samples >= SHARE_TO_OPEN);
  if (!opens) return next;
  // A call that was already under way when the breaker opened does not lengthen the rest.
  if (state.openUntil > nowMs) return { ...next, openUntil: state.openUntil };
  const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** state.openings);
  return { ...next, openUntil: nowMs + restMs, openings: state.openings + 1 };
}

function inWindow(state: BreakerState, nowMs: number): BreakerState {
  const age = nowMs - state.windowStartedAt;
  // A clock that was set back starts a new window, as does an old one.
  if (age >= 0 && age < WINDOW_MS) return state;
  return { ...state, successes: 0, failures: 0, windowStartedAt: nowMs };
}
