// What a vendor answered by a converted schema, as the caller's own schema has it: nulls that stand for
// properties left out are taken out again, and a wrapped value is unwrapped.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import type { ConvertedSchema } from "./convert.ts";
import { acceptsNull } from "./nullable.ts";
import { resolveReference } from "./references.ts";
import { WRAPPED_PROPERTY } from "./root.ts";

/** A value that may have more forms than this keeps its nulls. */
const MOST_FORMS = 256;

/** How answers to a converted schema are restored. Plain data. */
export interface SchemaRestoring {
  /** The caller's own schema. */
  readonly original: JsonObject;
  readonly isWrapped: boolean;
  readonly hasNulls: boolean;
  /** Names of the root's properties as they were written -> as the caller wrote them; absent = the same. */
  readonly propertyNames?: Readonly<Record<string, string>>;
}

/** @returns undefined when answers need no restoring */
export function restoringOf(
  original: JsonObject,
  converted: ConvertedSchema,
): SchemaRestoring | undefined {
  const { isWrapped, hasNulls, propertyNames } = converted;
  const isRenamed = Object.keys(propertyNames).length > 0;
  if (!isWrapped && !hasNulls && !isRenamed) return undefined;
  return { original, isWrapped, hasNulls, ...(isRenamed && { propertyNames }) };
}

/** The value as the caller's schema has it. */
export function restoreValue(value: Json, restoring: SchemaRestoring): Json {
  const { original, isWrapped, hasNulls, propertyNames } = restoring;
  const isInside = isWrapped && isJsonObject(value) && value[WRAPPED_PROPERTY] !== undefined;
  const unwrapped = isInside ? (value[WRAPPED_PROPERTY] ?? null) : value;
  const inner = propertyNames === undefined ? unwrapped : withNames(unwrapped, propertyNames);
  return hasNulls ? withoutNulls(inner, original, original) : inner;
}

function withNames(value: Json, names: Readonly<Record<string, string>>): Json {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => {
    return [Object.hasOwn(names, name) ? names[name] : name, member];
  });
  return Object.fromEntries(entries);
}

/** The same for JSON text; text that is no JSON stays as it is. */
export function restoreText(text: string, restoring: SchemaRestoring): string {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return JSON.stringify(restoreValue(value, restoring));
}

function withoutNulls(value: Json, schema: Json | undefined, root: JsonObject): Json {
  const forms = formsOf(schema, root);
  if (forms.length >= MOST_FORMS) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutNulls(item, itemForm(forms, index), root));
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
    const known = forms.filter((form) => propertyOf(form, name) !== undefined);
    if (member === null || member === undefined) {
      const isMadeUp = known.length > 0 && known.every((form) => isLeftOut(form, name, root));
      return isMadeUp ? [] : [[name, null]];
    }
    const inner = known.map((form) => propertyOf(form, name) ?? {});
    return [[name, withoutNulls(member, inner.length === 1 ? inner[0] : { anyOf: inner }, root)]];
  });
  return Object.fromEntries(entries);
}

/** True when a null at this property can only stand for its absence. */
function isLeftOut(form: JsonObject, name: string, root: JsonObject): boolean {
  if (asArray(form["required"]).includes(name)) return false;
  return !formsOf(propertyOf(form, name), root).some(acceptsNull);
}

function propertyOf(form: JsonObject, name: string): Json | undefined {
  const { properties } = form;
  return isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function itemForm(forms: readonly JsonObject[], index: number): Json {
  const found = forms.flatMap((form) => {
    const item = asArray(form["prefixItems"])[index] ?? form["items"];
    return item === undefined || Array.isArray(item) ? [] : [item];
  });
  return { anyOf: found };
}

/** What a schema may be: references followed, choices listed, parts that all hold listed as well. */
function formsOf(schema: Json | undefined, root: JsonObject): JsonObject[] {
  const forms: JsonObject[] = [];
  const seen = new Set<Json>();
  const open: (Json | undefined)[] = [schema];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (!isJsonObject(next) || seen.has(next)) continue;
    if (forms.length >= MOST_FORMS) return forms;
    seen.add(next);
    forms.push(next);
    const reference = next["$ref"];
    if (typeof reference === "string") open.push(resolveReference(root, reference) ?? null);
    open.push(...asArray(next["anyOf"]), ...asArray(next["oneOf"]), ...asArray(next["allOf"]));
  }
  return forms;
}
