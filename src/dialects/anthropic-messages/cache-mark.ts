// Cache breakpoints: `cache_control` on blocks and tools.

import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { CacheMark } from "../neutral.ts";

/** `{cache}` when the block carries a breakpoint, else nothing. */
export function readCacheMark(block: JsonObject): { cache?: CacheMark } {
  const control = asObject(block["cache_control"]);
  if (control === undefined) return {};
  return { cache: { ttl: control["ttl"] === "1h" ? "1h" : "5m" } };
}

/** True when the mark says all that `cache_control` says; beta members such as a scope are more. */
export function isPlainCacheControl(block: JsonObject): boolean {
  const control = asObject(block["cache_control"]);
  if (control === undefined) return true;
  const hasOnlyKnown = Object.keys(control).every((key) => key === "type" || key === "ttl");
  return hasOnlyKnown && control["type"] === "ephemeral";
}

/** `{cache_control}` for a mark. Five minutes are the vendor's default and are not spelt out. */
export function writeCacheMark(cache: CacheMark | undefined): JsonObject {
  if (cache === undefined) return {};
  const ttl = cache.ttl === "1h" ? { ttl: "1h" } : {};
  return { cache_control: { type: "ephemeral", ...ttl } };
}
