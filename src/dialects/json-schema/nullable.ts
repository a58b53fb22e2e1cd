// "Or null" in JSON schema: how it is added, and whether it holds already.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";

const NULL: JsonObject = Object.freeze({ type: "null" });

/** The schema with null as a further value. */
export function orNull(schema: Json): Json {
  if (!isJsonObject(schema) || acceptsNull(schema)) return schema;
  const { type } = schema;
  const isPlain =
    schema["enum"] === undefined && schema["const"] === undefined && schema["anyOf"] === undefined;
  if (isPlain && typeof type === "string") return { ...schema, type: [type, "null"] };
  if (isPlain && Array.isArray(type)) return { ...schema, type: [...type, "null"] };
  return { anyOf: [schema, NULL] };
}

/** True when null is surely valid, as far as one can tell without following references. */
export function acceptsNull(schema: Json | undefined): boolean {
  if (schema === true) return true;
  if (!isJsonObject(schema)) return false;
  const { type } = schema;
  const choices = [...asArray(schema["anyOf"]), ...asArray(schema["oneOf"])];
  if (choices.length > 0) return type === undefined && choices.some(acceptsNull);
  const values = schema["enum"];
  if (Array.isArray(values)) {
    return values.includes(null) && (type === undefined || hasNull(type));
  }
  if (schema["const"] !== undefined) return schema["const"] === null;
  if (schema["allOf"] !== undefined || schema["$ref"] !== undefined) return false;
  return type === undefined ? schema["not"] === undefined : hasNull(type);
}

function hasNull(type: Json): boolean {
  return type === "null" || (Array.isArray(type) && type.includes("null"));
}
