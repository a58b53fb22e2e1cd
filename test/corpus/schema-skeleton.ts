// What a JSON schema asks for, without the words that vendors leave out, move into descriptions or add:
// names, types, choices and what is required. References stand for what they name.

import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
} from "#core/json.ts";

/** Said by `properties`, `required` and `enum` alike in every vendor's subset. */
const KEPT: ReadonlySet<string> = new Set(["type", "properties", "items", "enum", "anyOf"]);
const DEEPEST = 12;

/** The skeleton of a schema; the same for two schemas that hold the same answers, keywords aside. */
export function skeletonOf(schema: JsonObject): unknown {
  return walk(schema, asObject(schema["$defs"]) ?? asObject(schema["definitions"]) ?? {}, 0);
}

function walk(given: Json | undefined, definitions: JsonObject, depth: number): unknown {
  const schema = resolved(given, definitions);
  if (schema === undefined || depth > DEEPEST) return "any";
  const next = (value: Json | undefined) => walk(value, definitions, depth + 1);
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === "const") return [["enum", [value]]];
    if (key === "oneOf" || key === "anyOf") return [["anyOf", asArray(value).map(next)]];
    if (!KEPT.has(key)) return [];
    if (key === "items") return [[key, next(value)]];
    if (key !== "properties") return [[key, value]];
    const properties = Object.entries(asObject(value) ?? {});
    if (properties.length === 0) return [];
    return [[key, Object.fromEntries(properties.map(([name, inner]) => [name, next(inner)]))]];
  });
  const required = [...asArray(schema["required"])].sort();
  if (required.length > 0) entries.push(["required", required]);
  const skeleton = Object.fromEntries(entries);
  const hasChoices = Array.isArray(skeleton["enum"]);
  // A list of values says its type.
  if (hasChoices) delete skeleton["type"];
  return skeleton;
}

function resolved(given: Json | undefined, definitions: JsonObject): JsonObject | undefined {
  const schema = isJsonObject(given) ? given : undefined;
  const name = asString(schema?.["$ref"])?.split("/").at(-1);
  return name === undefined ? schema : asObject(definitions[name]);
}
