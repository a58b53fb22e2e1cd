// The permitted edits of a body that goes to an upstream of this dialect as it came.

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, isJsonObject } from "#core/json.ts";
import type { BodyEdits } from "../dialect.ts";
import { envelopeOf } from "./turns-from-messages.ts";

/**
 * The model name, and blocks that Sluice itself put into the conversation when another vendor answered:
 * Anthropic would refuse the whole request for their signatures.
 */
export function edits(_facts: CallFacts, model: string, body: JsonObject): BodyEdits {
  const changes = new Map<string, Json | undefined>();
  if (body["model"] !== model) changes.set("model", model);
  const messages = asArray(body["messages"]);
  if (messages.some(hasEnvelope)) {
    changes.set("messages", messages.flatMap(withoutEnvelopes));
  }
  return changes;
}

function hasEnvelope(message: Json): boolean {
  return blocksOf(message).some((block) => isJsonObject(block) && envelopeOf(block) !== undefined);
}

/** The message without them; none when it was nothing but another vendor's state. */
function withoutEnvelopes(message: Json): Json[] {
  if (!isJsonObject(message) || !hasEnvelope(message)) return [message];
  const content = blocksOf(message).filter(
    (block) => !isJsonObject(block) || envelopeOf(block) === undefined,
  );
  return content.length === 0 ? [] : [{ ...message, content }];
}

function blocksOf(message: Json): Json[] {
  return asArray(asObject(message)?.["content"]);
}
