// The permitted edits of a request that passes through (contract section 5).

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { BodyEdits } from "../dialect.ts";
import { isEnvelope } from "./state-envelope.ts";

/** Wishes that are addressed to the gateway and that no vendor but a router knows. */
const WISHES = ["models", "provider"] as const;

/**
 * Sets the model, and takes out the gateway's own wishes and the items that Sluice itself put into the
 * conversation when another vendor answered: OpenAI would refuse the whole request for them.
 */
export function responsesEdits(_facts: CallFacts, model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>([["model", model]]);
  for (const wish of WISHES) {
    if (body[wish] !== undefined) edits.set(wish, undefined);
  }
  const input = asArray(body["input"]);
  if (input.some(holdsEnvelope))
    edits.set(
      "input",
      input.filter((item) => !holdsEnvelope(item)),
    );
  return edits;
}

function holdsEnvelope(entry: Json): boolean {
  const item = asObject(entry);
  if (item?.["type"] !== "reasoning") return false;
  return isEnvelope(asString(item["encrypted_content"]) ?? "");
}
