// Where a call goes that names a provider and one of its paths: pure, like every other decision.

import type { Decision, RejectedEntry } from "#core/decision.ts";
import { GatewayError } from "#core/errors.ts";
import { healthyFirst, type LiveView, withCredentials } from "./decide.ts";
import type { RoutingView } from "./routing-view.ts";

/** What such a decision depends on. */
export interface ThroughInput {
  readonly provider: string;
  /** Stands for the path in health and records. */
  readonly model: string;
  readonly live: LiveView;
  readonly view: RoutingView;
  readonly label: string;
  /** A number in [0, 1), from the exchange id. */
  readonly draw: number;
}

/**
 * Decides which credential is used. There is one try: what the path does at the vendor may have been done.
 * @throws GatewayError `upstream_rate_limited` when every credential is set aside
 */
export function decideThrough(input: ThroughInput): Decision {
  const { provider: name, model, view, draw } = input;
  const provider = view.providers.get(name);
  if (provider === undefined) throw new Error("The provider was looked up before.");
  const targets = withCredentials({ provider: name, model, weight: 1 }, provider, draw);
  const rejected: RejectedEntry[] = [];
  const route = healthyFirst(
    targets.map((target) => ({
      entry: { target, score: 1, because: [{ code: "direct", detail: "" } as const] },
      health: input.live(target),
    })),
    rejected,
  );
  if (route.length === 0) {
    throw new GatewayError("upstream_rate_limited", `${name} has asked not to be called for now.`, {
      retryAfterSeconds: 1,
      headers: { "x-should-retry": "false" },
    });
  }
  return {
    virtualModel: "",
    route,
    rejected,
    limits: { ...view.directLimits, attempts: 1 },
    label: input.label,
    expected: undefined,
    worst: undefined,
    snapshot: view.hash,
    draw,
  };
}
