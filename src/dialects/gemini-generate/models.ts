// Model lists and counts as Google's API answers them.

import type { JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";

const METHODS = ["generateContent", "streamGenerateContent", "countTokens"];
/** Of models that are made for something else. Google's API has no method for rerankings. */
const OTHER_METHODS = { embed: ["embedContent", "batchEmbedContents"], rerank: [] } as const;

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
    supportedGenerationMethods: [
      ...(model.madeFor === undefined ? METHODS : OTHER_METHODS[model.madeFor]),
    ],
  };
}

/** The reply of `:countTokens`. */
export function writeCount(inputTokens: number): JsonObject {
  return { totalTokens: inputTokens };
}
