// Counting the tokens of a request that came in another dialect: `POST /model/{id}/count-tokens`.

import type { JsonObject } from "#core/json.ts";
import { asCount } from "#core/json.ts";
import type { CountTranslation } from "../dialect.ts";

/** What the counter takes of a request (vendor's SDK types of `ConverseTokensRequest`, 2026-11). */
const COUNTED = ["messages", "system", "toolConfig", "additionalModelRequestFields"];

/** The counting call of Converse. */
export const count: CountTranslation = Object.freeze({
  requestOf(body: JsonObject): JsonObject {
    const converse: JsonObject = {};
    for (const member of COUNTED) {
      if (body[member] !== undefined) converse[member] = body[member];
    }
    return { input: { converse } };
  },
  countOf: (reply: JsonObject) => asCount(reply["inputTokens"]),
});
