// Wishes of the contract (section 5) whose engines do not exist yet: refused, never ignored.

import { GatewayError } from "#core/errors.ts";
import type { DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";

/** Wish headers without an engine. `traceparent` is no wish: it is replaced by the attempt's own. */
export const UNAVAILABLE_HEADERS = [
  "x-sluice-tags",
  "x-sluice-user",
  "x-sluice-session",
  "x-sluice-labels",
  "x-sluice-cache",
  "x-sluice-max-cost-usd",
  "x-sluice-timeout",
  "idempotency-key",
] as const;

const UNAVAILABLE_MEMBERS: ReadonlyMap<DialectId, readonly string[]> = new Map([
  // An answer that lives at the vendor may be another tenant's, as long as nobody keeps account of whose.
  ["openai-chat", ["models", "provider", "previous_response_id"]],
  ["embeddings", ["models", "provider"]],
]);

/** @throws GatewayError `not_available` naming the header */
export function refuseWishHeaders(headers: Headers): void {
  for (const name of UNAVAILABLE_HEADERS) {
    if (headers.has(name)) throw notAvailable(name, `The header ${name}`);
  }
}

/** @throws GatewayError `not_available` naming the member of the body */
export function refuseWishes(dialect: DialectId, body: JsonObject): void {
  for (const member of UNAVAILABLE_MEMBERS.get(dialect) ?? []) {
    if (body[member] !== undefined) throw notAvailable(member, `The field "${member}"`);
  }
}

function notAvailable(param: string, what: string): GatewayError {
  return new GatewayError("not_available", `${what} is not available yet. Leave it out.`, {
    param,
  });
}
