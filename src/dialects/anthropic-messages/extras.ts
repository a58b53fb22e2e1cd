// Members of a request that the neutral form has no place for. They are kept by path, and written back
// when the request goes to an upstream of this dialect after all.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";

/** Path -> value: `container`, `output_config.task_budget`, `tools[2].defer_loading`. */
export type Extras = Map<string, Json>;

/** Keeps the members of an object that are not in `known`. */
export function keepExtras(
  extras: Extras,
  prefix: string,
  value: JsonObject,
  known: ReadonlySet<string>,
): void {
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined && member !== null && !known.has(key)) {
      extras.set(`${prefix}${key}`, member);
    }
  }
}

const ITEM = /^(tools|messages)\[(\d+)\]\.([^.[\]]+)$/;
const NESTED = /^(output_config|thinking|metadata|tool_choice)\.([^.[\]]+)$/;

/**
 * Writes one kept member into a finished body.
 * @returns false when there is no such place in it
 */
export function restoreExtra(body: JsonObject, path: string, value: Json): boolean {
  const [, list = "", position = "", itemKey = ""] = ITEM.exec(path) ?? [];
  if (list !== "")
    return setMember(asObject(asArray(body[list])[Number(position)]), itemKey, value);
  const [, owner = "", key = ""] = NESTED.exec(path) ?? [];
  if (owner !== "") {
    body[owner] ??= {};
    return setMember(asObject(body[owner]), key, value);
  }
  return !path.includes("[") && setMember(body, path, value);
}

/** Never replaces what was written on purpose. */
function setMember(target: JsonObject | undefined, key: string, value: Json): boolean {
  if (target === undefined || Object.hasOwn(target, key) || key === "__proto__") return false;
  target[key] = value;
  return true;
}
