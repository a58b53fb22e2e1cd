// Errors in the form of the admin API. Apart from its routes, whose schemas only its callers need.

import type { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";

/** Headers of every answer. */
export const ADMIN_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

/** The table's own hint is for callers of models. */
const KEY_HINT = "It is `SLUICE_ADMIN_KEY`, or what was printed at the first start.";

/** An error in the form of the admin API. */
export function faultResponse(error: GatewayError): Response {
  const { param, details, retryAfterSeconds, headers } = error.extras;
  const body: JsonObject = {
    error: {
      code: error.code,
      message: error.message,
      path: param ?? null,
      hint: error.code === "invalid_key" ? KEY_HINT : error.row.hint,
      details: details === undefined ? undefined : (structuredClone(details) as JsonObject),
    },
  };
  const retry = retryAfterSeconds === undefined ? {} : { "retry-after": `${retryAfterSeconds}` };
  return Response.json(body, {
    status: error.status,
    headers: { ...ADMIN_HEADERS, ...headers, ...retry },
  });
}
