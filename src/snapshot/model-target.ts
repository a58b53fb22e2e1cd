// Targets of virtual models as they are written, split into their parts.

import type { ModelTarget } from "./snapshot.ts";

/** A target as the document writes it. */
export type WrittenTarget = string | { readonly model: string; readonly weight: number };

/** Splits `provider/model`: the first segment is the provider, the rest is the vendor's verbatim. */
export function splitTarget(name: string): { readonly provider: string; readonly model: string } {
  const cut = name.indexOf("/");
  return { provider: name.slice(0, Math.max(cut, 0)), model: name.slice(cut + 1) };
}

/** Reads a target in either form; without a weight it weighs 1. */
export function targetOf(written: WrittenTarget): ModelTarget {
  if (typeof written === "string") return { ...splitTarget(written), weight: 1 };
  return { ...splitTarget(written.model), weight: written.weight };
}
