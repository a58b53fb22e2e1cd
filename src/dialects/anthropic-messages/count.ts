// Counting the tokens of a request that came in another dialect.

import type { JsonObject } from "#core/json.ts";
import { asCount } from "#core/json.ts";
import type { CountTranslation } from "../dialect.ts";

/** What the counting call takes of a request's members (vendor's SDK types, 2026-11); others are an error. */
const COUNTED = ["system", "messages", "tools", "tool_choice", "thinking", "output_config"];

/** `POST /v1/messages/count_tokens`. */
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
