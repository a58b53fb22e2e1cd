// Who is calling the admin API: the bearer of the admin key, or nobody.

import { createHash, timingSafeEqual } from "node:crypto";
import type { Permission, Principal } from "#core/caller.ts";
import type { Secret } from "#core/secret.ts";

const ALL: ReadonlySet<Permission> = new Set<Permission>(["admin:read", "admin:write"]);

const OPERATOR: Principal = Object.freeze({
  name: "operator",
  permissions: ALL,
  tenants: undefined,
});

/**
 * The principal of a request to the admin API. Compares digests, so that the time tells neither the
 * key nor its length.
 * @returns undefined without a credential or with any other than the admin key
 */
export function principalOf(headers: Headers, adminKey: Secret): Principal | undefined {
  const presented = /^bearer +(.*\S) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  const expected = adminKey.reveal();
  if (presented === undefined || expected === "") return undefined;
  return timingSafeEqual(digest(presented), digest(expected)) ? OPERATOR : undefined;
}

/** True when the principal's rights reach beyond single tenants. */
export function isUnscoped(principal: Principal): boolean {
  return principal.tenants === undefined;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
