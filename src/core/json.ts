// JSON as a type, and the few guards that everybody needs. No parsing here: that is wire's.

/** A primitive JSON value. */
export type JsonScalar = string | number | boolean | null;
/** Any JSON value. */
export type Json = JsonScalar | Json[] | JsonObject;
/** A JSON object. `undefined` members are left out when it is written. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for a JSON object; false for arrays and null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object, or undefined when it is anything else. */
export function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** The value as an array, or an empty one when it is anything else. */
export function asArray(value: unknown): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string, or undefined when it is anything else. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value as a finite number, or undefined when it is anything else. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** No answer of any model counts more than this: a larger number is no counter. */
const LARGEST_COUNT = 10 ** 12;

/** True for what a counter can be: a number from 0 up, within what can be counted and summed. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= LARGEST_COUNT;
}

/** A whole number of at least 0 (what counters are), or 0 when the value is anything else. */
export function asCount(value: unknown): number {
  return isCount(value) ? Math.floor(value) : 0;
}
