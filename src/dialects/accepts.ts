// What a vendor takes of names, ids and schemas, as data. Requests are adapted to it before an encoder
// sees them (`adapt/`), and replies are restored after a decoder has read them.

import type { SchemaProfile } from "./json-schema/profile.ts";
import type { NameRule } from "./name-rule.ts";

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
