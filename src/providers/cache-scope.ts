// How wide a cache is shared, which Claude Code says of its cache marks: it belongs to a beta of Anthropic's own
// platform, and every other host of Claude refuses the whole request for it (issues of gateways, 2026-11).

import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";

/** It is said of cache marks alone, at most this deep in a member. */
const DEEPEST_MARK = 8;

/** Edits that take it out of a body; none where it is not said. */
export function scopeEdits(body: JsonObject): [string, Json | undefined][] {
  return ["system", "messages", "tools"]
    .filter((member) => hasScope(body[member]))
    .map((member) => [member, withoutScope(body[member])]);
}

function hasScope(value: Json | undefined, depth = 0): boolean {
  if (depth > DEEPEST_MARK) return false;
  if (Array.isArray(value)) return value.some((item) => hasScope(item, depth + 1));
  const object = asObject(value);
  if (object === undefined) return false;
  if (asObject(object["cache_control"])?.["scope"] !== undefined) return true;
  return hasScope(object["content"], depth + 1);
}

function withoutScope(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => withoutScope(item) ?? null);
  const object = asObject(value);
  if (object === undefined) return value;
  const { cache_control: mark, content } = object;
  const { scope: _scope, ...rest } = asObject(mark) ?? {};
  return {
    ...object,
    ...(asObject(mark) !== undefined && { cache_control: rest }),
    ...(content !== undefined && { content: withoutScope(content) }),
  };
}
