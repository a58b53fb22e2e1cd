// The root of a schema for vendors that take nothing but a plain object there.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import type { LossEffect } from "#core/schema-loss.ts";
import { DEFINITIONS } from "./keywords.ts";
import type { SchemaProfile } from "./profile.ts";

/** The property that holds a value which is no object. */
export const WRAPPED_PROPERTY = "value";

/** Keywords that no vendor with such a rule takes at the root. */
const CHOICES = ["anyOf", "oneOf"] as const;
const REFUSED = ["enum", "const", "not", "if", "then", "else"] as const;

/** A root that the vendor takes. */
export interface FittedRoot {
  readonly schema: JsonObject;
  readonly isWrapped: boolean;
}

/** True for an object that no rule changes. */
export function isPlainRoot(schema: JsonObject): boolean {
  const others = [...CHOICES, ...REFUSED, "allOf", "$ref"];
  return schema["type"] === "object" && others.every((keyword) => schema[keyword] === undefined);
}

/** What fitting a root needs of the conversion. */
interface RootWork {
  /** The schema with its `allOf` merged into it. */
  merged(schema: JsonObject): JsonObject;
  lost(keyword: string, effect: LossEffect): void;
}

/** Makes the root what the rule wants. References at the root are resolved already. */
export function fitRoot(
  given: JsonObject,
  rule: SchemaProfile["root"],
  work: RootWork,
): FittedRoot {
  if (rule === "any") return { schema: given, isWrapped: false };
  const schema = given["allOf"] === undefined ? given : work.merged(given);
  const hasChoice = [...CHOICES, ...REFUSED].some((keyword) => schema[keyword] !== undefined);
  if (rule === "wrapped") {
    const isPlain = schema["type"] === "object" && !hasChoice;
    return isPlain ? { schema, isWrapped: false } : { schema: wrapped(schema), isWrapped: true };
  }
  const { type } = schema;
  const isObject = type === undefined || (Array.isArray(type) && type.includes("object"));
  const typed: JsonObject = isObject ? { ...schema, type: "object" } : schema;
  return { schema: hasChoice ? withoutChoice(typed, work) : typed, isWrapped: false };
}

/** Definitions stay at the root, where references look for them. */
function wrapped(schema: JsonObject): JsonObject {
  const inner: [string, Json | undefined][] = [];
  const definitions: [string, Json | undefined][] = [];
  for (const entry of Object.entries(schema)) {
    (DEFINITIONS.has(entry[0]) ? definitions : inner).push(entry);
  }
  return {
    type: "object",
    properties: { [WRAPPED_PROPERTY]: Object.fromEntries(inner) },
    required: [WRAPPED_PROPERTY],
    additionalProperties: false,
    ...Object.fromEntries(definitions),
  };
}

/** One object that is valid whichever choice was made. */
function withoutChoice(schema: JsonObject, work: RootWork): JsonObject {
  const rest: JsonObject = { ...schema };
  for (const keyword of [...CHOICES, ...REFUSED]) {
    if (rest[keyword] === undefined) continue;
    delete rest[keyword];
    work.lost(keyword, "widened");
  }
  const variants = CHOICES.flatMap((keyword) => asArray(schema[keyword]))
    .filter(isJsonObject)
    .map((variant) => work.merged(variant));
  return united(rest, variants, work);
}

/** Properties that only a choice names are named by the whole object. */
function united(base: JsonObject, variants: readonly JsonObject[], work: RootWork): JsonObject {
  const own = isJsonObject(base["properties"]) ? base["properties"] : {};
  const forms = new Map<string, Map<string, Json>>();
  for (const { properties } of variants) {
    for (const [name, form] of Object.entries(isJsonObject(properties) ? properties : {})) {
      if (form === undefined || Object.hasOwn(own, name)) continue;
      const known = forms.get(name) ?? new Map<string, Json>();
      forms.set(name, known.set(JSON.stringify(form), form));
    }
  }
  if (forms.size === 0) return base;
  // A choice that does not name a property may have taken any value of it.
  if (variants.length > 1) work.lost("properties", "narrowed");
  const added = [...forms].map(([name, known]): [string, Json] => {
    const [only = {}, ...more] = known.values();
    return [name, more.length === 0 ? only : { anyOf: [only, ...more] }];
  });
  const { additionalProperties: _, ...open } = base;
  return { ...open, properties: Object.fromEntries([...Object.entries(own), ...added]) };
}
