// Holds JSON text to a schema. Schemas come from callers: this runs on a thread of its own, with a
// deadline, and nothing on the event loop imports it.

import { type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema";
import type { JsonObject } from "#core/json.ts";
import type { AnswerProblem, AnswerVerdict } from "#core/ports/answer-checker.ts";

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
    const validator = new Validator(schema as Schema, draftOf(schema), true);
    const { valid, errors } = validator.validate(value);
    return valid ? { outcome: "valid" } : invalid(errors.map(problemOf));
  } catch (thrown) {
    // A reference that leads nowhere, a pattern that is no regular expression, or a loop.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { outcome: "unusable", reason: firstLine(reason) };
  }
}

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
