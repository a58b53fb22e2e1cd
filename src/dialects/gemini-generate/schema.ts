// The OpenAPI subset that Gemini calls Schema, as JSON schema. The other way needs no code: requests
// are written with `parametersJsonSchema` and `responseJsonSchema`, which take JSON schema as it is.

import type { Json, JsonObject } from "#core/json.ts";
import { asString, isJsonObject } from "#core/json.ts";
import { camelName } from "./fields.ts";

/** int64 fields, which Google's JSON writes as strings. */
const COUNTS = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
]);

/**
 * Reads a Schema (ai.google.dev/api/caching#Schema, 2026-08): upper-case types, `nullable`,
 * `propertyOrdering`, counts as strings. Keywords that it does not know stay as they are.
 */
export function schemaToJsonSchema(schema: JsonObject): JsonObject {
  const given: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    // `$defs` and the like are no fields of Schema; a name with a dollar keeps its spelling.
    if (value !== undefined && value !== null) {
      given[key.startsWith("$") ? key : camelName(key)] = value;
    }
  }
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(given)) {
    const converted = keyword(key, value as Json);
    if (converted !== undefined) result[key] = converted;
  }
  orderProperties(result, given["propertyOrdering"]);
  if (given["nullable"] === true) allowNull(result);
  return result;
}

function keyword(key: string, value: Json): Json | undefined {
  switch (key) {
    case "type":
      return typeNames(value);
    case "nullable":
    case "propertyOrdering":
      return undefined;
    case "format":
      // `enum` is how Gemini marks a string with listed values; JSON schema knows it by `enum` alone.
      return value === "enum" ? undefined : value;
    case "items":
    case "additionalProperties":
      return isJsonObject(value) ? schemaToJsonSchema(value) : value;
    case "anyOf":
    case "oneOf":
    case "allOf":
    case "prefixItems":
      return Array.isArray(value) ? value.map(nested) : value;
    case "properties":
    case "$defs":
    case "defs":
      return isJsonObject(value) ? mapValues(value) : value;
    default:
      return COUNTS.has(key) && typeof value === "string" && /^\d+$/.test(value)
        ? Number(value)
        : value;
  }
}

function nested(value: Json): Json {
  return isJsonObject(value) ? schemaToJsonSchema(value) : value;
}

function mapValues(properties: JsonObject): JsonObject {
  // Names of properties are the caller's own and keep their spelling.
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, nested(value ?? null)]),
  );
}

function typeNames(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => typeNames(item) ?? item);
  const name = asString(value);
  if (name === undefined) return value;
  return name === "TYPE_UNSPECIFIED" ? undefined : name.toLowerCase();
}

function orderProperties(result: JsonObject, ordering: Json | undefined): void {
  const properties = result["properties"];
  if (!Array.isArray(ordering) || !isJsonObject(properties)) return;
  const rank = (name: string): number => {
    const position = ordering.indexOf(name);
    return position === -1 ? ordering.length : position;
  };
  const sorted = Object.entries(properties).sort(([one], [other]) => rank(one) - rank(other));
  result["properties"] = Object.fromEntries(sorted);
}

function allowNull(result: JsonObject): void {
  const type = result["type"];
  if (typeof type === "string" && type !== "null") result["type"] = [type, "null"];
  const values = result["enum"];
  if (Array.isArray(values) && !values.includes(null)) result["enum"] = [...values, null];
  const choices = result["anyOf"];
  if (type === undefined && Array.isArray(choices)) {
    result["anyOf"] = [...choices, { type: "null" }];
  }
}
