// Two schemas that both hold, as one: for `allOf` and for what stands beside a `$ref`.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import { ANNOTATIONS } from "./keywords.ts";

/** Keywords of which the larger value is the stricter one, and those where it is the smaller. */
const LARGER = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const SMALLER = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);

/**
 * Joins two schemas, so far as one can say what both say. Annotations of `other` win.
 * @param lost called with each keyword of `other` that has no place beside the one of `base`
 */
export function mergeSchemas(
  base: JsonObject,
  other: JsonObject,
  lost: (keyword: string) => void,
): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [keyword, value] of Object.entries(other)) {
    if (value === undefined) continue;
    const present = merged[keyword];
    if (present === undefined || ANNOTATIONS.has(keyword)) merged[keyword] = value;
    else {
      const both = joined(keyword, present, value, lost);
      if (both === undefined) lost(keyword);
      else merged[keyword] = both;
    }
  }
  return merged;
}

function joined(
  keyword: string,
  one: Json,
  two: Json,
  lost: (keyword: string) => void,
): Json | undefined {
  if (typeof one === "number" && typeof two === "number") {
    if (LARGER.has(keyword)) return Math.max(one, two);
    if (SMALLER.has(keyword)) return Math.min(one, two);
  }
  switch (keyword) {
    case "properties":
    case "patternProperties":
    case "$defs":
    case "definitions":
      return isJsonObject(one) && isJsonObject(two) ? byName(one, two, lost) : undefined;
    case "required":
      return [...new Set([...asArray(one), ...asArray(two)])];
    case "type":
      return sharedTypes(one, two);
    case "enum":
      return shared(asArray(one), asArray(two));
    case "allOf":
      return [...asArray(one), ...asArray(two)];
    case "additionalProperties":
      if (one === false || two === false) return false;
      break;
    default:
  }
  return JSON.stringify(one) === JSON.stringify(two) ? one : undefined;
}

function byName(one: JsonObject, two: JsonObject, lost: (keyword: string) => void): JsonObject {
  const merged: JsonObject = { ...one };
  for (const [name, schema] of Object.entries(two)) {
    const present = merged[name];
    merged[name] =
      isJsonObject(present) && isJsonObject(schema) ? mergeSchemas(present, schema, lost) : schema;
  }
  return merged;
}

function sharedTypes(one: Json, two: Json): Json | undefined {
  const left = Array.isArray(one) ? one : [one];
  const right = Array.isArray(two) ? two : [two];
  const common = left.flatMap((type) => {
    if (right.includes(type)) return [type];
    if (type === "number" && right.includes("integer")) return ["integer"];
    return type === "integer" && right.includes("number") ? ["integer"] : [];
  });
  return common.length === 1 ? (common[0] ?? undefined) : common.length > 1 ? common : undefined;
}

function shared(one: readonly Json[], two: readonly Json[]): Json[] | undefined {
  const texts = new Set(two.map((value) => JSON.stringify(value)));
  const common = one.filter((value) => texts.has(JSON.stringify(value)));
  return common.length === 0 ? undefined : common;
}
