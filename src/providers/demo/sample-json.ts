// A value that fits a JSON schema, always the same for the same schema and text.

import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
} from "#core/json.ts";

/** Schemas may refer to themselves: deeper than this everything is null. */
const MAX_DEPTH = 6;
/** And they may branch: no sample has more values than this. */
const MAX_VALUES = 200;

interface Sampling {
  readonly root: JsonObject;
  /** Stands for every string that the schema leaves open. */
  readonly text: string;
  values: number;
}

/**
 * A sample of a schema. Follows types, properties, items, enums, constants, alternatives and
 * references within the schema; bounds of length and number are met, patterns are not.
 */
export function sampleOf(schema: JsonObject, text: string): Json {
  return sample(schema, { root: schema, text, values: 0 }, 0);
}

function sample(schema: JsonObject, sampling: Sampling, depth: number): Json {
  sampling.values += 1;
  if (depth > MAX_DEPTH || sampling.values > MAX_VALUES) return null;
  const fixed = fixedValue(schema);
  if (fixed !== undefined) return fixed;
  const inner = referred(schema, sampling.root) ?? firstAlternative(schema);
  if (inner !== undefined) return sample(inner, sampling, depth + 1);
  switch (typeOf(schema)) {
    case "object":
      return sampleObject(schema, sampling, depth);
    case "array":
      return sampleArray(schema, sampling, depth);
    case "string":
      return sampleString(schema, sampling.text);
    case "integer":
      return Math.ceil(lowest(schema));
    case "number":
      return lowest(schema);
    case "boolean":
      return true;
    default:
      return null;
  }
}

function fixedValue(schema: JsonObject): Json | undefined {
  if (schema["const"] !== undefined) return schema["const"];
  const [first] = [...asArray(schema["enum"]), ...asArray(schema["examples"])];
  return first ?? schema["default"];
}

function referred(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const reference = asString(schema["$ref"]);
  if (reference === undefined) return undefined;
  let found: Json | undefined = root;
  for (const step of reference.split("/").slice(1)) {
    const at: JsonObject | undefined = asObject(found);
    found = at !== undefined && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return asObject(found) ?? {};
}

function firstAlternative(schema: JsonObject): JsonObject | undefined {
  const alternatives = [schema["anyOf"], schema["oneOf"], schema["allOf"]].flatMap(asArray);
  return alternatives.find(isJsonObject);
}

function typeOf(schema: JsonObject): string {
  const [type] = [schema["type"]].flat();
  return asString(type) ?? (asObject(schema["properties"]) === undefined ? "null" : "object");
}

function sampleObject(schema: JsonObject, sampling: Sampling, depth: number): JsonObject {
  const entries = Object.entries(asObject(schema["properties"]) ?? {}).map(
    ([name, property]) => [name, sample(asObject(property) ?? {}, sampling, depth + 1)] as const,
  );
  return Object.fromEntries(entries);
}

function sampleArray(schema: JsonObject, sampling: Sampling, depth: number): Json[] {
  const items = asObject(schema["items"]) ?? {};
  const wanted = typeof schema["minItems"] === "number" ? schema["minItems"] : 1;
  const length = Math.min(Math.max(wanted, 0), MAX_VALUES - sampling.values);
  return Array.from({ length: Math.max(length, 0) }, () => sample(items, sampling, depth + 1));
}

function sampleString(schema: JsonObject, text: string): string {
  const { minLength, maxLength } = schema;
  const longest = typeof maxLength === "number" ? Math.max(maxLength, 0) : text.length;
  const shortest = typeof minLength === "number" ? Math.min(minLength, 1000) : 0;
  return text.slice(0, longest).padEnd(shortest, ".");
}

function lowest(schema: JsonObject): number {
  const { minimum, exclusiveMinimum, maximum } = schema;
  if (typeof minimum === "number") return minimum;
  if (typeof exclusiveMinimum === "number") return exclusiveMinimum + 1;
  return typeof maximum === "number" ? Math.min(maximum, 1) : 1;
}
