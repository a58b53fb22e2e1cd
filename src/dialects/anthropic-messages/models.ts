// The model list in Anthropic's form (vendor's SDK types, 2026-11).

import type { JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";

/** What the vendor writes where the date of release is not known. */
const UNKNOWN_DATE = "1970-01-01T00:00:00Z";

/** One entry. Limits that are not known are null, as the vendor's type allows. */
export function modelEntry(model: ListedModelFacts): JsonObject {
  return {
    type: "model",
    id: model.id,
    display_name: model.id,
    created_at: UNKNOWN_DATE,
    max_input_tokens: model.inputTokens === 0 ? null : model.inputTokens,
    max_tokens: model.outputTokens === 0 ? null : model.outputTokens,
  };
}

/** The whole list on one page. */
export function modelList(models: readonly ListedModelFacts[]): JsonObject {
  return {
    data: models.map(modelEntry),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}
