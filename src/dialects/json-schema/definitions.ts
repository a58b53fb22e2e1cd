// The definitions of a schema: without them, they alone, and references to those that got new names.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { DEFINITIONS } from "./keywords.ts";

/** The root may be what a reference names: then its definitions are no part of it. */
export function withoutDefinitions(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([keyword]) => !DEFINITIONS.has(keyword)));
}

/** The definitions alone. */
export function definitionsOf(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => DEFINITIONS.has(keyword)));
}

/** The value with references led to the definitions of these names. */
export function renamed(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]): [string, Json | undefined] => {
      const name = key === "$ref" && typeof member === "string" ? names.get(member) : undefined;
      if (name !== undefined) return [key, `#/$defs/${name}`];
      return [key, member === undefined ? undefined : renamed(member, names)];
    }),
  );
}
