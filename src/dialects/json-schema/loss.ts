// Collects what a conversion could not take along.

import type { LossEffect, SchemaLoss } from "#core/schema-loss.ts";

/** A report lists this many losses and counts the rest. */
const MOST_LISTED = 32;

/** Collects losses. */
export class LossReport {
  readonly losses: SchemaLoss[] = [];
  /** How many more there were than are listed. */
  unlisted = 0;
  /** True when what is valid under the result need not be valid under the original. */
  isWidened = false;
  isNarrowed = false;

  add(place: string, keyword: string, effect: LossEffect): void {
    if (effect === "widened") this.isWidened = true;
    if (effect === "narrowed") this.isNarrowed = true;
    if (this.losses.length < MOST_LISTED) this.losses.push({ place, keyword, effect });
    else this.unlisted += 1;
  }
}
