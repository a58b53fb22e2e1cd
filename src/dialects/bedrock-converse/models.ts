// The model list in Amazon's form (`ListFoundationModels`, vendor's API reference, 2026-11).

import type { JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";

/** One entry. */
export function modelEntry(model: ListedModelFacts): JsonObject {
  return { modelId: model.id, modelName: model.id, responseStreamingSupported: true };
}

/** The whole list. */
export function modelList(models: readonly ListedModelFacts[]): JsonObject {
  return { modelSummaries: models.map(modelEntry) };
}
