// Wishes of the contract (section 5) whose engines do not exist yet, and those that never were one:
// refused, never ignored.

import { GatewayError } from "#core/errors.ts";
import type { DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { nearestNames } from "#policy/routing/nearest-names.ts";

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
  ["openai-chat", ["previous_response_id"]],
  ["embeddings", ["models", "provider"]],
  ["rerank", ["models", "provider"]],
  ["openai-completions", ["models", "provider"]],
  ["openai-moderations", ["models", "provider"]],
  ["openai-media", ["models", "provider"]],
]);

/** The same where a member may also say that it is not wanted: by `false` or `null`. */
const UNAVAILABLE_UNLESS_OFF: ReadonlyMap<DialectId, readonly string[]> = new Map([
  // Answers, conversations, prompts and runs that are stored at the vendor.
  [
    "openai-responses",
    ["store", "previous_response_id", "conversation", "prompt", "background"] as const,
  ],
]);

const UNAVAILABLE: ReadonlySet<string> = new Set(UNAVAILABLE_HEADERS);
/** Everything that begins so is addressed to the gateway. */
const OWN_BEGINNING = "x-sluice-";

/** @throws GatewayError `not_available`, or `invalid_request` for what is no wish at all, naming the header */
export function refuseWishHeaders(headers: Headers): void {
  for (const name of headers.keys()) {
    if (UNAVAILABLE.has(name)) throw notAvailable(name, `The header ${name}`);
    if (name.startsWith(OWN_BEGINNING)) throw unknownWish(name);
  }
}

/** A wish that was misspelt must not look as if it had been granted. */
function unknownWish(name: string): GatewayError {
  const shown = name.slice(0, 60);
  const wishes = UNAVAILABLE_HEADERS.filter((known) => known.startsWith(OWN_BEGINNING));
  const [nearest] = nearestNames(shown, wishes);
  const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  return new GatewayError("invalid_request", `Sluice knows no header ${shown}.${hint}`, {
    param: shown,
  });
}

/** @throws GatewayError `not_available` naming the member of the body */
export function refuseWishes(dialect: DialectId, body: JsonObject): void {
  for (const member of UNAVAILABLE_MEMBERS.get(dialect) ?? []) {
    if (body[member] !== undefined) throw notAvailable(member, `The field "${member}"`);
  }
  for (const member of UNAVAILABLE_UNLESS_OFF.get(dialect) ?? []) {
    const value = body[member] ?? false;
    if (value !== false) throw notAvailable(member, `The field "${member}"`);
  }
}

/** The refusal of something that has no engine. */
export function notAvailable(param: string, what: string): GatewayError {
  return new GatewayError("not_available", `${what} is not available yet. Leave it out.`, {
    param,
  });
}
