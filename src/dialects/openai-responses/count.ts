// Counting the tokens of a request that came in another dialect.

import type { JsonObject } from "#core/json.ts";
import { asCount } from "#core/json.ts";
import type { CountTranslation } from "../dialect.ts";

/** What the counting call takes of a request's members (openai/openai-openapi 2.3.0, 2026-08). */
const COUNTED = [
  "instructions",
  "input",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "reasoning",
  "text",
  "truncation",
];

/** `POST /v1/responses/input_tokens`. */
export const count: CountTranslation = Object.freeze({
  requestOf(body: JsonObject, model: string): JsonObject {
    const counted: JsonObject = { model };
    for (const member of COUNTED) {
      if (body[member] !== undefined) counted[member] = body[member];
    }
    return counted;
  },
  countOf: (reply: JsonObject) => asCount(reply["input_tokens"]),
});
