// What models can do, by families of model names: a table a vendor, and the one way to read them.

import type { ModelTraits } from "#dialects/dialect.ts";

/** Models that are named by one of `names`, or whose name begins with one of `prefixes`. */
export interface ModelFamily {
  readonly names?: readonly string[];
  readonly prefixes: readonly string[];
  readonly traits: ModelTraits;
}

/** All families of one vendor. */
export interface FamilyTable {
  /** Where the facts come from. */
  readonly source: string;
  /** When they were last checked, `YYYY-MM-DD`. */
  readonly date: string;
  /** A whole name wins over a prefix, a longer prefix over a shorter one, whatever the order here. */
  readonly families: readonly ModelFamily[];
  /** Traits of the newest family: for every name that the table does not know. */
  readonly newest: ModelTraits;
}

/** The traits of a model. Letter case does not count. */
export function traitsOf(table: FamilyTable, model: string): ModelTraits {
  const name = model.toLowerCase();
  let found = table.newest;
  let length = 0;
  for (const family of table.families) {
    if (family.names?.includes(name)) return family.traits;
    for (const prefix of family.prefixes) {
      if (prefix.length > length && name.startsWith(prefix)) {
        found = family.traits;
        length = prefix.length;
      }
    }
  }
  return found;
}
