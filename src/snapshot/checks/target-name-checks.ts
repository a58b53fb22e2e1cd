// Which providers the sections speak of whose entries are named after targets.

import { didYouMean } from "../document/did-you-mean.ts";
import { splitTarget } from "../model-target.ts";
import type { CheckContext } from "./check-context.ts";

/** Section -> what one of its entries is. */
const SECTIONS = { prices: "price", capabilities: "capabilities" } as const;

/** Checks the names in `prices` and `capabilities`. */
export function checkTargetNames(context: CheckContext): void {
  const { document, leftOut, errors } = context;
  const { providers } = document;
  for (const [section, what] of Object.entries(SECTIONS)) {
    for (const name of Object.keys(document[section as keyof typeof SECTIONS])) {
      const { provider } = splitTarget(name);
      if (Object.hasOwn(providers, provider) || leftOut.has(provider)) continue;
      errors.atKey([section, name], {
        code: "unknown_name",
        message: `Unknown provider \`${provider}\` in the ${what} of \`${name}\`.`,
        hint: didYouMean(provider, Object.keys(providers)),
      });
    }
  }
}
