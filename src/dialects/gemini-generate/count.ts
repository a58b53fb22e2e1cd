// Counting the tokens of a request that came in another dialect (ai.google.dev/api/tokens, 2026-08).

import type { JsonObject } from "#core/json.ts";
import { asCount } from "#core/json.ts";
import type { CountTranslation } from "../dialect.ts";

/** `:countTokens`. Only the wrapped form counts instructions and tools too. */
export const count: CountTranslation = Object.freeze({
  requestOf: (body: JsonObject, model: string): JsonObject => ({
    generateContentRequest: { ...body, model: `models/${model}` },
  }),
  countOf: (reply: JsonObject) => asCount(reply["totalTokens"]),
});
