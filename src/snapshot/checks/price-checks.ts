// Which providers `prices:` speaks of.

import { didYouMean } from "../document/did-you-mean.ts";
import { splitTarget } from "../model-target.ts";
import type { CheckContext } from "./check-context.ts";

/** Checks the `prices` section. */
export function checkPrices(context: CheckContext): void {
  const { prices, providers } = context.document;
  for (const name of Object.keys(prices)) {
    const { provider } = splitTarget(name);
    if (Object.hasOwn(providers, provider) || context.leftOut.has(provider)) continue;
    context.errors.atKey(["prices", name], {
      code: "unknown_name",
      message: `Unknown provider \`${provider}\` in the price of \`${name}\`.`,
      hint: didYouMean(provider, Object.keys(providers)),
    });
  }
}
