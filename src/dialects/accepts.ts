// What a vendor takes of names, ids and schemas, as data. Requests are adapted to it before an encoder
// sees them (`adapt/`), and replies are restored after a decoder has read them.

import type { SchemaProfile } from "./json-schema/profile.ts";

/** Which names or ids a vendor takes. */
export interface NameRule {
  /** Matches one permitted character. */
  readonly character: RegExp;
  /** Matches a permitted first character, where that is narrower. */
  readonly first?: RegExp;
  readonly maxLength: number;
  /** Names are exactly `maxLength` long (Mistral's call ids). */
  readonly isExact?: boolean;
}

/** The rules of one vendor. An absent member means that everything is taken. */
export interface Accepts {
  readonly toolNames?: NameRule;
  readonly callIds?: NameRule;
  /** Schemas of tools that are not strict. */
  readonly toolSchema?: SchemaProfile;
  /** Schemas of strict tools; absent = as `toolSchema`. */
  readonly strictToolSchema?: SchemaProfile;
  /** Schemas that an answer is held to. */
  readonly answerSchema?: SchemaProfile;
  /** True: the vendor holds answers to a schema only where the caller asks for it to be strict. */
  readonly hasLooseAnswers?: true;
}
