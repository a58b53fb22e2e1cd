// Members of a request that the neutral form has no place for. They are kept by path, and written back
// when the request goes to an upstream of this dialect after all.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";

/** Path -> value: `guardrailConfig`, `toolConfig.x`, `messages[2].x`. */
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

const MESSAGE = /^messages\[(\d+)\]\.([^.[\]]+)$/;
const TOOL = /^toolConfig\.tools\[(\d+)\]\.toolSpec\.([^.[\]]+)$/;
const NESTED = /^(inferenceConfig|toolConfig|outputConfig|serviceTier)\.([^.[\]]+)$/;

/**
 * Writes one kept member into a finished body.
 * @returns false when there is no such place in it
 */
export function restoreExtra(body: JsonObject, path: string, value: Json): boolean {
  const [, message = "", messageKey = ""] = MESSAGE.exec(path) ?? [];
  if (message !== "") return setMember(itemOf(body["messages"], message), messageKey, value);
  const [, tool = "", toolKey = ""] = TOOL.exec(path) ?? [];
  if (tool !== "") {
    const tools = asObject(body["toolConfig"])?.["tools"];
    return setMember(asObject(itemOf(tools, tool)?.["toolSpec"]), toolKey, value);
  }
  const [, owner = "", key = ""] = NESTED.exec(path) ?? [];
  if (owner !== "") {
    body[owner] ??= {};
    return setMember(asObject(body[owner]), key, value);
  }
  return !path.includes("[") && setMember(body, path, value);
}

function itemOf(list: Json | undefined, position: string): JsonObject | undefined {
  return asObject(asArray(list)[Number(position)]);
}

/** Never replaces what was written on purpose. */
function setMember(target: JsonObject | undefined, key: string, value: Json): boolean {
  if (target === undefined || Object.hasOwn(target, key) || key === "__proto__") return false;
  target[key] = value;
  return true;
}
