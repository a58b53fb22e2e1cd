// The request inside a counting call.

import { invalidRequest } from "#core/errors.ts";
import type { Operation } from "#core/facts.ts";
import type { Fields } from "./fields.ts";

/**
 * What a counting call counts, or the body itself.
 * @throws GatewayError `invalid_request` for a body that holds two requests
 */
export function countedRequest(body: Fields, operation: Operation): Fields {
  if (operation !== "count_tokens") return body;
  const request = body.object("generateContentRequest");
  if (request === undefined) return body;
  if (body.has("contents")) {
    throw invalidRequest(
      "generateContentRequest",
      'Send either "contents" or "generateContentRequest", not both.',
    );
  }
  return request;
}
