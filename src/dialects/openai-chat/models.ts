// Model lists in OpenAI's form.

import type { JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";

/** One entry. `created` is 0, because a name of the gateway was not made at any one time. */
export function modelEntry(model: ListedModelFacts): JsonObject {
  return {
    id: model.id,
    object: "model",
    created: 0,
    owned_by: model.ownedBy,
    ...(model.inputTokens > 0 && { context_length: model.inputTokens }),
    ...(model.outputTokens > 0 && { max_output_tokens: model.outputTokens }),
  };
}

/** The list. */
export function modelList(models: readonly ListedModelFacts[]): JsonObject {
  return { object: "list", data: models.map(modelEntry) };
}
