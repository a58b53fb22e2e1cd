// Members of a request that the neutral form has no place for, kept by their path. They go back into a
// request that stays in this dialect, as they would have passed through it.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import { unknownMembers } from "./fields.ts";

/** Path -> value: `verbosity`, `thinking.clear_thinking`; those of messages and tools without a place. */
export type Extras = Map<string, Json>;

/** Keeps the members of an object of the body that are not known. */
export function keepUnknown(
  extras: Extras,
  owner: string,
  object: JsonObject | undefined,
  known: ReadonlySet<string>,
): void {
  if (object === undefined) return;
  for (const [key, value] of unknownMembers(object, known)) extras.set(`${owner}.${key}`, value);
}

/**
 * Writes kept members into a finished body, but never over what was written on purpose.
 * @returns the paths that found their place
 */
export function restoreExtras(body: JsonObject, extras: ReadonlyMap<string, Json>): Set<string> {
  const restored = new Set<string>();
  for (const [path, value] of extras) {
    const [owner = "", key] = path.split(".", 2);
    if (owner === "messages" || owner === "tools" || owner === "__proto__") continue;
    if (key === undefined) body[owner] ??= value;
    else {
      body[owner] ??= {};
      const inner = asObject(body[owner]);
      if (inner === undefined || key === "__proto__") continue;
      inner[key] ??= value;
    }
    restored.add(path);
  }
  return restored;
}
