// Holds JSON text to a schema. Schemas come from callers: this runs on a thread of its own, with a
// deadline, and nothing on the event loop imports it.

import { type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, isJsonObject } from "#core/json.ts";
import type { AnswerProblem, AnswerVerdict } from "#core/ports/answer-checker.ts";
import { resolveReference } from "./references.ts";
import { unicodePattern } from "./unicode-pattern.ts";

/** What is told of what is wrong: enough to mend it. */
const MOST_PROBLEMS = 12;
const LONGEST_MESSAGE = 300;

/** @returns a verdict for whatever text and schema; `unusable` when the schema is none */
export function validateText(text: string, schema: JsonObject): AnswerVerdict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid([{ place: "", keyword: "json", message: "The answer is not JSON." }]);
  }
  try {
    const validator = new Validator(readable(schema) as Schema, draftOf(schema), false);
    const { valid, errors } = validator.validate(value);
    return valid ? { outcome: "valid" } : invalid(errors.map(problemOf));
  } catch (thrown) {
    // A reference that leads nowhere, a pattern that is no regular expression, or a loop.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { outcome: "unusable", reason: firstLine(reason) };
  }
}

/** Whether answers can be held to a schema: what it refers to is there, its patterns are some. */
export function inspectSchema(schema: JsonObject): AnswerVerdict {
  const open: Json[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      // Spread as arguments, millions of items would run out of stack.
      for (const item of next) open.push(item);
    }
    if (!isJsonObject(next)) continue;
    const fault = faultOf(next, schema);
    if (fault !== undefined) return { outcome: "unusable", reason: firstLine(fault) };
    for (const [key, value] of Object.entries(next)) {
      if (value !== undefined && !LITERALS.has(key)) open.push(value);
    }
  }
  // A loop of references shows at once, whatever the answer is.
  const verdict = validateText("null", schema);
  return verdict.outcome === "unusable" ? verdict : { outcome: "valid" };
}

/** A property may have one of these names, too: then its value is no string. */
function faultOf(part: JsonObject, root: JsonObject): string | undefined {
  const { $ref: reference, pattern } = part;
  const isPointer = typeof reference === "string" && reference.startsWith("#/");
  if (isPointer && resolveReference(root, reference) === undefined) {
    return `"${reference}" refers to nothing.`;
  }
  const patterns = [pattern, ...Object.keys(asObject(part["patternProperties"]) ?? {})];
  const wrong = patterns.find((one) => typeof one === "string" && !isPattern(one));
  return wrong === undefined ? undefined : `"${wrong}" is no regular expression.`;
}

function isPattern(text: string): boolean {
  return unicodePattern(text) !== undefined;
}

/** The schema with patterns that the validator can read. */
function readable(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(readable);
  if (!isJsonObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json | undefined] => {
    if (key === "pattern" && typeof value === "string") {
      return [key, unicodePattern(value) ?? value];
    }
    if (key === "patternProperties" && isJsonObject(value)) return [key, withReadableKeys(value)];
    return [key, value === undefined || LITERALS.has(key) ? value : readable(value)];
  });
  return Object.fromEntries(entries);
}

/** Two spellings of one pattern both hold. */
function withReadableKeys(named: JsonObject): JsonObject {
  const members = new Map<string, Json>();
  for (const [key, value] of Object.entries(named)) {
    if (value === undefined) continue;
    const pattern = unicodePattern(key) ?? key;
    const known = members.get(pattern);
    members.set(
      pattern,
      known === undefined ? readable(value) : { allOf: [known, readable(value)] },
    );
  }
  return Object.fromEntries(members);
}

/** Keywords whose values are no schemas, whatever they look like. */
const LITERALS = new Set(["const", "enum", "default", "examples"]);

function draftOf(schema: JsonObject): SchemaDraft {
  const dialect = String(schema["$schema"] ?? "");
  if (dialect.includes("draft-04")) return "4";
  if (dialect.includes("draft-06") || dialect.includes("draft-07")) return "7";
  return dialect.includes("2019-09") ? "2019-09" : "2020-12";
}

function problemOf(unit: OutputUnit): AnswerProblem {
  const { instanceLocation, keyword, error } = unit;
  return { place: instanceLocation, keyword, message: firstLine(error) };
}

/** What only says that something inside is wrong is told last: the cause is of more use. */
function invalid(problems: readonly AnswerProblem[]): AnswerVerdict {
  const causes = problems.filter(({ keyword }) => !OUTER.has(keyword));
  const told = causes.length > 0 ? causes : problems;
  return { outcome: "invalid", problems: told.slice(0, MOST_PROBLEMS) };
}

const OUTER = new Set(["properties", "items", "$ref", "prefixItems"]);

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").slice(0, LONGEST_MESSAGE);
}
