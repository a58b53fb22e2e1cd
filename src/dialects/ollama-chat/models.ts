// Model lists in Ollama's form.

import type { JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";

/** One entry. */
export function modelEntry(model: ListedModelFacts): JsonObject {
  return { name: model.id, model: model.id };
}

/** The list. */
export function modelList(models: readonly ListedModelFacts[]): JsonObject {
  return { models: models.map(modelEntry) };
}
