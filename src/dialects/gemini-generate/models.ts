// Model lists and counts as Google's API answers them.

import type { JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";

const METHODS = ["generateContent", "streamGenerateContent", "countTokens"];

/** `GET /v1beta/models`. */
export function writeModelList(models: readonly ListedModelFacts[]): JsonObject {
  return { models: models.map(writeModel) };
}

/** One model. Limits that are not known are left out. */
export function writeModel(model: ListedModelFacts): JsonObject {
  return {
    name: `models/${model.id}`,
    displayName: model.id,
    ...(model.inputTokens > 0 && { inputTokenLimit: model.inputTokens }),
    ...(model.outputTokens > 0 && { outputTokenLimit: model.outputTokens }),
    supportedGenerationMethods: [...METHODS],
  };
}

/** The reply of `:countTokens`. */
export function writeCount(inputTokens: number): JsonObject {
  return { totalTokens: inputTokens };
}
