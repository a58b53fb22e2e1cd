// Holds answers of models to the schemas that callers gave, away from the event loop.

import type { JsonObject } from "../json.ts";

/** One thing that is wrong with an answer. */
export interface AnswerProblem {
  /** JSON pointer into the answer, as a URI fragment: `#/items/3`. */
  readonly place: string;
  /** The keyword of the schema that it does not keep; `json` when it is not JSON at all. */
  readonly keyword: string;
  /** For the model that is to mend it: may repeat what the schema says. */
  readonly message: string;
}

/** What became of a check. */
export type AnswerVerdict =
  | { readonly outcome: "valid" }
  | { readonly outcome: "invalid"; readonly problems: readonly AnswerProblem[] }
  /** The schema itself cannot be used. */
  | { readonly outcome: "unusable"; readonly reason: string }
  /** The check did not end in time. */
  | { readonly outcome: "too_slow" };

/** Checks answers. */
export interface AnswerChecker {
  /**
   * Whether answers can be held to a schema at all.
   * @returns `valid`, `unusable` or `too_slow`
   */
  inspect(schema: JsonObject): Promise<AnswerVerdict>;
  /**
   * @param text of the answer, JSON or not
   * @throws GatewayError `overloaded` when too many checks are waiting
   */
  check(text: string, schema: JsonObject): Promise<AnswerVerdict>;
}
