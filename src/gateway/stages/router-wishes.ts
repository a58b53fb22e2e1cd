// Wishes in a body that are addressed to a router (`models`, `provider`). One upstream is a router itself
// and gets them as they are (contract section 5); for all others they would be Sluice's own to grant,
// which it cannot yet.

import type { Caller } from "#core/caller.ts";
import type { Decision } from "#core/decision.ts";
import { GatewayError } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import { providerKindOf } from "#providers/list.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import { notAvailable } from "./wishes.ts";

/**
 * Checks the wishes against the route.
 * @throws GatewayError `not_available` when a target is no router, `model_not_allowed` when a fallback
 *   would reach a model that the caller may not ask for
 */
export function checkRouterWishes(
  facts: CallFacts,
  caller: Caller,
  decision: Decision,
  snapshot: Snapshot,
): void {
  const { routerWishes } = facts;
  if (routerWishes === undefined) return;
  for (const { target } of decision.route) {
    const kind = snapshot.providers.get(target.provider)?.kind;
    if (kind === undefined || providerKindOf(kind).isRouter !== true) {
      const [member = ""] = routerWishes.members;
      throw notAvailable(member, `The field "${member}"`);
    }
    const refused = routerWishes.models.find(
      (model) => caller.allowedModels?.has(`${target.provider}/${model}`) === false,
    );
    if (refused !== undefined) throw notAllowed(refused);
  }
}

function notAllowed(model: string): GatewayError {
  const shown = JSON.stringify(model.slice(0, 200));
  return new GatewayError("model_not_allowed", `This key may not fall back to ${shown}.`, {
    param: "models",
  });
}
