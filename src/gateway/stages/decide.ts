// Stage "decide": hands the pure decision what it depends on.

import { decide as decidePure } from "#policy/routing/decide.ts";
import { decideThrough } from "#policy/routing/decide-through.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { checkRouterWishes } from "./router-wishes.ts";

/** @throws GatewayError when there is nowhere to go */
export function decide(exchange: Exchange, dependencies: GatewayDependencies): void {
  const { facts, sensed, caller, label, snapshot, draw } = exchange;
  if (facts === undefined || sensed === undefined || caller === undefined) {
    throw new Error("A decision needs a caller and facts.");
  }
  const nowMs = dependencies.clock.now();
  const { health } = dependencies;
  const { through } = exchange.route;
  if (through !== undefined) {
    exchange.decision = decideThrough({
      provider: through.provider,
      model: facts.model.slice(through.provider.length + 1),
      live: (target) => health.of(target, nowMs),
      view: snapshot,
      label: label.level,
      draw,
    });
    return;
  }
  exchange.decision = decidePure({
    facts,
    sensed,
    caller,
    label,
    live: (target) => health.of(target, nowMs),
    view: snapshot,
    draw,
    nowMs,
  });
  checkRouterWishes(facts, caller, exchange.decision, snapshot);
}
