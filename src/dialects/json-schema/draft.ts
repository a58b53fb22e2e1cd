// Old and broken spellings of JSON schema, put right: vendors check tools against the draft of 2020-12
// and refuse the whole call for one bad keyword.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { DEFINITIONS, LISTED, NAMED, SINGLE } from "./keywords.ts";

const TYPES = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
/** Keywords whose value may be null. */
const LITERALS = new Set(["const", "default", "enum", "examples"]);
const BOUNDS = [
  ["exclusiveMinimum", "minimum"],
  ["exclusiveMaximum", "maximum"],
] as const;

/**
 * One schema, without what is inside it, in today's spelling.
 * @param lost called with each keyword that says nothing that can be understood
 */
export function modernized(schema: JsonObject, lost: (keyword: string) => void): JsonObject {
  if (isModern(schema)) return schema;
  const members = new Map<string, Json>();
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || (value === null && !LITERALS.has(keyword))) continue;
    const sound = soundValue(keyword, value);
    if (sound === undefined) lost(keyword);
    else members.set(keyword, sound);
  }
  for (const [exclusive, bound] of BOUNDS) moveBound(members, exclusive, bound);
  moveTuple(members);
  return Object.fromEntries(members);
}

/** True when one schema, without what is inside it, is spelt as today. */
export function isModern(schema: JsonObject): boolean {
  for (const keyword in schema) {
    const value = schema[keyword];
    if (value === undefined) continue;
    if (value === null && !LITERALS.has(keyword)) return false;
    if (value !== null && soundValue(keyword, value) !== value) return false;
  }
  return (
    !Array.isArray(schema["items"]) &&
    typeof schema["exclusiveMinimum"] !== "boolean" &&
    typeof schema["exclusiveMaximum"] !== "boolean"
  );
}

/** True when a schema and all that is inside it pass a test. */
export function everySchema(schema: Json, passes: (schema: JsonObject) => boolean): boolean {
  if (!isJsonObject(schema)) return true;
  if (!passes(schema)) return false;
  for (const keyword in schema) {
    const value = schema[keyword];
    if (typeof value !== "object" || value === null) continue;
    const isInside =
      SINGLE.has(keyword) || LISTED.has(keyword) || NAMED.has(keyword) || DEFINITIONS.has(keyword);
    if (!isInside) continue;
    const isOne = SINGLE.has(keyword) && !Array.isArray(value);
    const inner = isOne ? [value] : Object.values(value);
    for (const one of inner) {
      if (one !== undefined && !everySchema(one, passes)) return false;
    }
  }
  return true;
}

/** The value, or what is sound of it; undefined when nothing is. */
function soundValue(keyword: string, value: Json): Json | undefined {
  switch (keyword) {
    case "type":
      return soundType(value);
    case "required":
      // `true` stood at the property itself once.
      return Array.isArray(value) && value.every(isText) ? value : undefined;
    case "enum":
      return Array.isArray(value) && value.length > 0 ? value : undefined;
    case "properties":
    case "patternProperties":
      return isJsonObject(value) ? value : undefined;
    case "description":
      return isText(value) ? value : undefined;
    default:
      return value;
  }
}

function isText(value: Json): boolean {
  return typeof value === "string";
}

function soundType(value: Json): Json | undefined {
  if (!Array.isArray(value)) return TYPES.has(String(value)) ? value : undefined;
  // A type that does not exist stands for any: what is left would be too narrow.
  return value.length > 0 && value.every((one) => TYPES.has(String(one))) ? value : undefined;
}

/** Draft 4 had a flag beside the bound. */
function moveBound(members: Map<string, Json>, exclusive: string, bound: string): void {
  const flag = members.get(exclusive);
  if (typeof flag !== "boolean") return;
  members.delete(exclusive);
  const limit = members.get(bound);
  if (!flag || limit === undefined) return;
  members.delete(bound);
  members.set(exclusive, limit);
}

/** Drafts up to 7 listed the items by position in `items`. */
function moveTuple(members: Map<string, Json>): void {
  const items = members.get("items");
  if (!Array.isArray(items)) return;
  const rest = members.get("additionalItems");
  members.delete("items");
  members.delete("additionalItems");
  members.set("prefixItems", items);
  if (rest !== undefined) members.set("items", rest);
}
