// May a request with this label reach this sink? Asked at every way out of the process.

import type { Target } from "#core/target.ts";

/** What a request is, as far as data flow is concerned. */
export interface Label {
  readonly level: string;
  /** True while the document has no `labels:` section: then nothing is filtered. */
  readonly unrestricted: boolean;
}

/** A way out of the process. */
export type Sink =
  | { readonly kind: "upstream"; readonly target: Target }
  | { readonly kind: "decision-record" };

/** The label of every request while no labels are configured. */
export const UNLABELLED: Label = Object.freeze({ level: "public", unrestricted: true });

/**
 * True when the sink may see a request of this label. Without a `labels:` section nothing is filtered
 * (contract section 4); a label that is restricted reaches no sink that has not been cleared for it.
 */
export function permits(label: Label, _sink: Sink): boolean {
  return label.unrestricted;
}
