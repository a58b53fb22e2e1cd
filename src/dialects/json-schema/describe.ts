// Constraints that a vendor's decoder does not know, said in words, so that the model still reads them.

import type { Json } from "#core/json.ts";

/** Keywords that a person would say, too. */
const SAYABLE: ReadonlyMap<string, string> = new Map([
  ["minimum", "at least"],
  ["exclusiveMinimum", "more than"],
  ["maximum", "at most"],
  ["exclusiveMaximum", "less than"],
  ["multipleOf", "a multiple of"],
  ["minLength", "characters, at least"],
  ["maxLength", "characters, at most"],
  ["pattern", "matches"],
  ["format", "format"],
  ["minItems", "items, at least"],
  ["maxItems", "items, at most"],
  ["uniqueItems", "items differ"],
  ["minProperties", "properties, at least"],
  ["maxProperties", "properties, at most"],
  ["default", "default"],
]);
const LONGEST_VALUE = 200;

/** @returns the description with the lost constraints; undefined when there is nothing to say */
export function describeLost(
  lost: readonly (readonly [string, Json])[],
  description: Json | undefined,
): string | undefined {
  const said = lost.flatMap(([keyword, value]) => {
    const words = SAYABLE.get(keyword);
    if (words === undefined || (typeof value === "object" && value !== null)) return [];
    const text = String(value);
    return text.length > LONGEST_VALUE ? [] : [value === true ? words : `${words} ${text}`];
  });
  if (said.length === 0) return undefined;
  const constraints = `(${said.join("; ")})`;
  return typeof description === "string" && description !== ""
    ? `${description} ${constraints}`
    : constraints;
}
