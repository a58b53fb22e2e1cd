// A decision with its reasons: what live traffic follows, explain shows and replay compares.

import type { NanoUsd } from "./money.ts";
import type { Target } from "./target.ts";

/** Why a target is in the route, at its place, or not in it. A closed, documented list. */
export const REASONS = {
  direct: "The request names this provider and model.",
  catalogue: "The bare model name is known to this provider alone.",
  priority: "The place in the virtual model's list.",
  weighted: "Drawn by weight; the detail holds weight and draw.",
  breaker_open: "The target failed repeatedly and is left alone until the time in the detail.",
  breaker_probe: "The target failed repeatedly; this call finds out whether it has recovered.",
  last_resort: "Every target is broken; this one is due first.",
  key_quarantined: "The upstream refused or limited this credential until the time in the detail.",
  dialect_unsupported: "The provider speaks nothing that this operation can be translated to.",
  feature_unsupported:
    "The target cannot serve the features in the detail, which the request needs.",
  context_too_long:
    "The request is estimated to be longer than the target's context, and another target has more room.",
  other_vector_space:
    "An embedding call stays with the model of the first target that makes embeddings (the detail): vectors of different models cannot be compared.",
  unpriced: "The model's price is unknown and `unpriced_models` is `deny`.",
  not_permitted: "The data-flow policy does not let this request's label reach the target.",
} as const satisfies Record<string, string>;

/** One of the reason codes. */
export type ReasonCode = keyof typeof REASONS;

/** One reason with its facts. */
export interface Reason {
  readonly code: ReasonCode;
  readonly detail: string;
}

/** A place in the route. */
export interface RouteEntry {
  readonly target: Target;
  /** Higher is better; what it means depends on the strategy. */
  readonly score: number;
  readonly because: readonly Reason[];
}

/** A target that was considered and is not in the route. */
export interface RejectedEntry {
  readonly target: Target;
  readonly because: readonly Reason[];
}

/** Limits of one exchange that come with the virtual model. Milliseconds; undefined = none. */
export interface AttemptLimits {
  /** Tries over all targets. */
  readonly attempts: number;
  readonly connectTimeoutMs: number;
  readonly firstTokenTimeoutMs: number | undefined;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** The outcome of `decide`: an ordered route, or a refusal (which is thrown as a GatewayError). */
export interface Decision {
  /** Name of the virtual model, or empty when the request named a target. */
  readonly virtualModel: string;
  readonly route: readonly RouteEntry[];
  readonly rejected: readonly RejectedEntry[];
  readonly limits: AttemptLimits;
  /** Label level of the request; `public` while no labels are configured. */
  readonly label: string;
  /** Expected and worst cost of the first target; undefined when the price is unknown. */
  readonly expected: NanoUsd | undefined;
  readonly worst: NanoUsd | undefined;
  readonly snapshot: string;
  readonly draw: number;
}
