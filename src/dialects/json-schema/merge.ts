// Two schemas that both hold, as one: for `allOf` and for what stands beside a `$ref`. What cannot be
// said in one schema is left out, so that the result is never stricter than the two.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import type { Effort } from "./effort.ts";
import { ANNOTATIONS, DEFINITIONS, NAMED } from "./keywords.ts";

/** Keywords of which the larger value is the stricter one, and those where it is the smaller. */
const LARGER = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const SMALLER = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);

/** Keywords that mean something only together: they come from one side. */
const TOGETHER = [
  ["if", "then", "else"],
  ["contains", "minContains", "maxContains"],
] as const;

/** What a merge tells, and what it costs. */
export interface MergeWork {
  /** Called with each keyword whose constraint is not, or not wholly, in the result. */
  lost(keyword: string): void;
  readonly effort: Effort;
}

/** Whatever is in the two schemas, a merge costs as much as this many entries. */
const STEPS_A_MERGE = 20;

/**
 * Joins two schemas. Annotations of `other` win.
 * @throws EffortSpent
 */
export function mergeSchemas(base: JsonObject, other: JsonObject, work: MergeWork): JsonObject {
  const { lost, effort } = work;
  effort.spend(STEPS_A_MERGE + Object.keys(base).length + Object.keys(other).length);
  const barred = new Set(TOGETHER.flatMap((group) => (hasAny(base, group) ? group : [])));
  announceOverlaps(base, other, work);
  const merged = new Map(Object.entries(base));
  for (const [keyword, value] of Object.entries(other)) {
    if (value === undefined) continue;
    const present = merged.get(keyword);
    if (barred.has(keyword as never)) lost(keyword);
    else if (present === undefined || ANNOTATIONS.has(keyword)) merged.set(keyword, value);
    else {
      const both = joined(keyword, present, value, work);
      if (both === undefined) lost(keyword);
      else merged.set(keyword, both);
    }
  }
  return Object.fromEntries(merged);
}

function hasAny(schema: JsonObject, keywords: readonly string[]): boolean {
  return keywords.some((keyword) => schema[keyword] !== undefined);
}

/** Keywords that speak of "all others" see others in one schema than they saw in two. */
function announceOverlaps(base: JsonObject, other: JsonObject, { lost }: MergeWork): void {
  const limits = [base["additionalProperties"], other["additionalProperties"]];
  const isLimited = limits.some((limit) => limit !== undefined && limit !== true);
  if (isLimited && namesOf(base) !== namesOf(other)) lost("additionalProperties");
  const hasTuple = hasAny(base, ["prefixItems"]) || hasAny(other, ["prefixItems"]);
  const isMixed = base["prefixItems"] === undefined || other["prefixItems"] === undefined;
  if (hasTuple && isMixed && (hasAny(base, ["items"]) || hasAny(other, ["items"]))) lost("items");
}

function namesOf({ properties, patternProperties }: JsonObject): string {
  const names = [properties, patternProperties].map((named) =>
    isJsonObject(named) ? Object.keys(named).sort() : [],
  );
  return JSON.stringify(names);
}

function joined(keyword: string, one: Json, two: Json, work: MergeWork): Json | undefined {
  work.effort.spend(costOf(keyword, one, two, work.effort));
  if (typeof one === "number" && typeof two === "number") {
    if (LARGER.has(keyword)) return Math.max(one, two);
    if (SMALLER.has(keyword)) return Math.min(one, two);
  }
  switch (keyword) {
    case "properties":
    case "patternProperties":
    case "$defs":
    case "definitions":
      return isJsonObject(one) && isJsonObject(two) ? byName(one, two, work) : undefined;
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

/** Named schemas are counted as they are merged, all else is looked at whole. */
function costOf(keyword: string, one: Json, two: Json, effort: Effort): number {
  const isNamed = NAMED.has(keyword) || DEFINITIONS.has(keyword);
  if (isNamed && isJsonObject(one) && isJsonObject(two)) {
    return Object.keys(one).length + Object.keys(two).length;
  }
  return effort.sizeOf(one) + effort.sizeOf(two);
}

function byName(one: JsonObject, two: JsonObject, work: MergeWork): JsonObject {
  const merged = new Map(Object.entries(one));
  for (const [name, schema] of Object.entries(two)) {
    const present = merged.get(name);
    const both = isJsonObject(present) && isJsonObject(schema);
    merged.set(name, both ? mergeSchemas(present, schema, work) : schema);
  }
  return Object.fromEntries(merged);
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
