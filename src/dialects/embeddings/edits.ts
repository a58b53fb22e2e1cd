// The permitted edits of an embeddings request (contract section 5).

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { BodyEdits } from "../dialect.ts";

/** Sets the model and takes the wishes out that are addressed to the gateway. */
export function embeddingEdits(_facts: CallFacts, model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>([["model", model]]);
  for (const wish of ["models", "provider"]) {
    if (body[wish] !== undefined) edits.set(wish, undefined);
  }
  return edits;
}
