// The hint that names what was probably meant.

import { nearestNames } from "#policy/routing/nearest-names.ts";

/** `Did you mean …?`, or an empty text when nothing is near. */
export function didYouMean(wanted: string, known: Iterable<string>): string {
  const [nearest] = nearestNames(wanted, known);
  return nearest === undefined ? "" : `Did you mean \`${nearest}\`?`;
}
