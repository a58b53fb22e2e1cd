// The edits of a Google embedding request that passes through: the model's name, wherever it is repeated.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { BodyEdits } from "../dialect.ts";

/** A name in the body must never disagree with that in the path. Where it agrees nothing is touched. */
export function editEmbedding(model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>();
  const name = `models/${model}`;
  const { requests } = body;
  if (body["model"] !== undefined && body["model"] !== name) edits.set("model", name);
  const items = Array.isArray(requests) ? requests : [requests];
  if (items.some((item) => isJsonObject(item) && item["model"] !== name)) {
    const named = items.map((item) => (isJsonObject(item) ? { ...item, model: name } : item));
    edits.set("requests", Array.isArray(requests) ? (named as Json[]) : named[0]);
  }
  return edits;
}
