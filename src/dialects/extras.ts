// Fields of another dialect that a request could not take along: each is announced, but what a caller
// writes must not grow the answer's headers without bound.

import type { Json } from "#core/json.ts";
import type { UpstreamContext } from "./dialect.ts";

const MAX_NAMED = 20;
const MAX_NAME = 64;

/**
 * Gives one notice `dropped:<path>` for each field, and one `dropped:other_fields` for all beyond 20.
 * @param known fields that the encoder did something with
 */
export function announceExtras(
  extras: ReadonlyMap<string, Json>,
  context: Pick<UpstreamContext, "notice">,
  known: ReadonlySet<string> = new Set(),
): void {
  let named = 0;
  for (const path of extras.keys()) {
    if (known.has(path)) continue;
    if (named === MAX_NAMED) {
      context.notice("dropped", "other_fields");
      return;
    }
    context.notice("dropped", path.slice(0, MAX_NAME));
    named += 1;
  }
}
