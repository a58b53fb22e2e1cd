// The permitted edits of a chat request that passes through (contract section 5).

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { BodyEdits } from "../dialect.ts";

/** Wishes that are addressed to the gateway and that no vendor but a router knows. */
const WISHES = ["models", "provider"] as const;

/** Sets the model, asks every stream for its usage, and takes the gateway's own wishes out. */
export function chatEdits(facts: CallFacts, model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>([["model", model]]);
  for (const wish of WISHES) {
    if (body[wish] !== undefined) edits.set(wish, undefined);
  }
  const options = asObject(body["stream_options"]);
  if (facts.stream && options?.["include_usage"] !== true) {
    edits.set("stream_options", { ...options, include_usage: true });
  }
  return edits;
}
