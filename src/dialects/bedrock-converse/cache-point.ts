// Cache breakpoints: in this dialect a block of their own behind what is to be cached.

import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { CacheMark } from "../neutral.ts";

/** The mark that a block stands for; undefined when it is another block, or says more than a mark can. */
export function readCachePoint(block: JsonObject): CacheMark | undefined {
  const point = asObject(block["cachePoint"]);
  if (point?.["type"] !== "default" || Object.keys(block).length > 1) return undefined;
  const { type: _type, ttl, ...rest } = point;
  if (Object.keys(rest).length > 0) return undefined;
  if (ttl === undefined) return { ttl: "5m" };
  return ttl === "1h" ? { ttl } : undefined;
}

/** The block for a mark. Five minutes are the vendor's default and are not spelt out. */
export function writeCachePoint(cache: CacheMark): JsonObject {
  return { cachePoint: { type: "default", ...(cache.ttl === "1h" && { ttl: "1h" }) } };
}
