// What is known of a configuration key beside its type. The reference page, the JSON Schema and the
// error messages all read it, so that a key is described in one place: where it is defined.

import { z } from "zod";

/** Facts of one key. Standard JSON Schema words go into the schema as they are. */
export interface KeyFacts {
  /** One sentence for the reference page. */
  readonly description: string;
  /** What a number counts; absent where the value carries its own unit (`15s`). */
  readonly unit?: string;
  /** What holds when the key is left out, where that is computed; plain defaults stand in the type. */
  readonly fallback?: string;
  readonly example?: string | number | boolean | object;
  /**
   * What the contract names but no engine serves yet: `true` = the key itself, a list = these values
   * of it, `"other"` = every other value of the same type.
   */
  readonly later?: true | "other" | readonly string[];
  /** The value must never be repeated in a message, a hash or a stored text. */
  readonly secret?: true;
}

/** All facts, by schema. */
export const keyFacts = z.registry<KeyFacts>();

/** Describes a key. Facts belong to one key alone: keys of one form do not share its schema. */
export function key<Schema extends z.ZodType>(schema: Schema, facts: KeyFacts): Schema {
  const own = schema.clone() as Schema;
  keyFacts.add(own, facts);
  return own;
}

/** A key of the contract whose engine is not built: known by name, refused with `not_available`. */
export function later(description: string): z.ZodOptional<z.ZodNever> {
  return key(z.never().optional(), { description, later: true });
}
