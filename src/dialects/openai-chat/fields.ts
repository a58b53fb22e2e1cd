// Reading fields of a request: null counts as absent, a wrong type is the caller's error with its path.

import type { GatewayError } from "#core/errors.ts";
import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";

/** `messages[2]` and `role` -> `messages[2].role`. */
export function pathTo(parent: string, key: string): string {
  return parent === "" ? key : `${parent}.${key}`;
}

function wrongType(parent: string, key: string, wanted: string): GatewayError {
  const path = pathTo(parent, key);
  return invalidRequest(path, `"${path}" must be ${wanted}.`);
}

/** @throws GatewayError `invalid_request` when it is there and no string */
export function stringAt(object: JsonObject, key: string, parent = ""): string | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw wrongType(parent, key, "a string");
}

/** @throws GatewayError `invalid_request` when it is missing, empty or no string */
export function requiredString(object: JsonObject, key: string, parent = ""): string {
  const value = stringAt(object, key, parent);
  if (value === undefined || value === "") throw wrongType(parent, key, "a string and not empty");
  return value;
}

/** @throws GatewayError `invalid_request` when it is there and neither true nor false */
export function booleanAt(object: JsonObject, key: string, parent = ""): boolean | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw wrongType(parent, key, "true or false");
}

/** @throws GatewayError `invalid_request` when it is there and no number */
export function numberAt(object: JsonObject, key: string, parent = ""): number | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrongType(parent, key, "a number");
}

/** @throws GatewayError `invalid_request` when it is there and no whole number of at least `least` */
export function countAt(object: JsonObject, key: string, least: number): number | undefined {
  const value = numberAt(object, key);
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
  throw wrongType("", key, `a whole number of at least ${least}`);
}

/** @throws GatewayError `invalid_request` when it is there and no object */
export function objectAt(object: JsonObject, key: string, parent = ""): JsonObject | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined || isJsonObject(value)) return value;
  throw wrongType(parent, key, "an object");
}

/** An empty list when it is absent. @throws GatewayError `invalid_request` when it is no list */
export function listAt(object: JsonObject, key: string, parent = ""): readonly Json[] {
  const value = object[key] ?? undefined;
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw wrongType(parent, key, "a list");
}

/** @throws GatewayError `invalid_request` when it is no list of objects */
export function objectsAt(object: JsonObject, key: string, parent = ""): readonly JsonObject[] {
  const items = listAt(object, key, parent);
  if (areObjects(items)) return items;
  const index = items.findIndex((item) => !isJsonObject(item));
  throw wrongType(parent, `${key}[${index}]`, "an object");
}

function areObjects(items: readonly Json[]): items is readonly JsonObject[] {
  return items.every(isJsonObject);
}

/** The members whose keys are not known, without nulls. */
export function unknownMembers(
  object: JsonObject,
  known: ReadonlySet<string>,
): (readonly [key: string, value: Json])[] {
  const found: (readonly [string, Json])[] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value !== undefined && value !== null && !known.has(key)) found.push([key, value]);
  }
  return found;
}
