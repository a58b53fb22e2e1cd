// What a vendor answered by a converted schema, as the caller's own schema has it: nulls that stand for
// properties left out are taken out again, and a wrapped value is unwrapped.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ConvertedSchema } from "./convert.ts";
import { acceptsNull } from "./nullable.ts";
import { resolveReference } from "./references.ts";
import { WRAPPED_PROPERTY } from "./root.ts";

/** Of a value that may have more forms than this the others are not looked at. */
const MOST_FORMS = 64;
/** What looking for nulls may cost; what is left then keeps its nulls. */
const MOST_STEPS = 500_000;
/** Longer text is left as it is, in UTF-16 code units. */
const LONGEST_TEXT = 1_000_000;

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
  return hasNulls ? new NullRemover(original).clean(inner, [original]) : inner;
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
  if (text.length > LONGEST_TEXT) return text;
  let value: Json;
  try {
    value = parseInner(text);
  } catch {
    return text;
  }
  return JSON.stringify(restoreValue(value, restoring));
}

/** Takes out nulls that can only stand for what was left out. One instance a value. */
class NullRemover {
  readonly #root: JsonObject;
  readonly #known = new Map<JsonObject, readonly JsonObject[]>();
  #steps = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** @param schemas any of which the value may be by */
  clean(value: Json, schemas: readonly (Json | undefined)[]): Json {
    if (typeof value !== "object" || value === null) return value;
    const forms = this.#formsOf(schemas);
    this.#steps += 1 + forms.length;
    if (this.#steps > MOST_STEPS) return value;
    return Array.isArray(value) ? this.#list(value, forms) : this.#object(value, forms);
  }

  #list(items: readonly Json[], forms: readonly JsonObject[]): Json {
    const rest = forms.map(({ items: each }) => each).filter((each) => !Array.isArray(each));
    const listed = forms.map(({ prefixItems }) => asArray(prefixItems));
    const places = Math.max(0, ...listed.map(({ length }) => length));
    return items.map((item, place) =>
      place < places
        ? this.clean(item, [...listed.map((each) => each[place]), ...rest])
        : this.clean(item, rest),
    );
  }

  #object(members: JsonObject, forms: readonly JsonObject[]): Json {
    const entries = Object.entries(members).flatMap(([name, member]): [string, Json][] => {
      this.#steps += forms.length;
      const known = forms.filter((form) => propertyOf(form, name) !== undefined);
      if (member === null || member === undefined) {
        const isMadeUp = known.length > 0 && known.every((form) => this.#isLeftOut(form, name));
        return isMadeUp ? [] : [[name, null]];
      }
      const inner = known.map((form) => propertyOf(form, name));
      return [[name, this.clean(member, inner)]];
    });
    return Object.fromEntries(entries);
  }

  /** True when a null at this property can only stand for its absence. */
  #isLeftOut(form: JsonObject, name: string): boolean {
    if (asArray(form["required"]).includes(name)) return false;
    return !this.#formsOf([propertyOf(form, name)]).some(acceptsNull);
  }

  #formsOf(schemas: readonly (Json | undefined)[]): readonly JsonObject[] {
    const [only, ...others] = new Set(schemas.filter(isJsonObject));
    if (only === undefined) return [];
    if (others.length > 0) return formsOf([only, ...others], this.#root);
    const known = this.#known.get(only) ?? formsOf([only], this.#root);
    this.#known.set(only, known);
    return known;
  }
}

function propertyOf(form: JsonObject, name: string): Json | undefined {
  const { properties } = form;
  return isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** What a schema may be: references followed, choices listed, parts that all hold listed as well. */
function formsOf(schemas: readonly Json[], root: JsonObject): JsonObject[] {
  const forms = new Set<JsonObject>();
  const open: Json[] = [...schemas];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (!isJsonObject(next) || forms.has(next)) continue;
    if (forms.size >= MOST_FORMS) break;
    forms.add(next);
    const reference = next["$ref"];
    if (typeof reference === "string") open.push(resolveReference(root, reference) ?? null);
    for (const choices of [next["anyOf"], next["oneOf"], next["allOf"]]) {
      open.push(...asArray(choices).slice(0, MOST_FORMS));
    }
  }
  return [...forms];
}
