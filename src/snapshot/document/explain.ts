// Says in words what the schema found: one finding an issue, at its place, with the nearest right name.

import type { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import type { DocumentPath, Finding, IssueList } from "./issue.ts";
import { formatPath } from "./issue.ts";
import { keysOf, type Outline, outlineAt } from "./outline.ts";
import { DURATION, NAME_FORM } from "./quantities.ts";
import type { Plain } from "./yaml-source.ts";

type SchemaIssue = z.core.$ZodIssue;

const LONGEST_SHOWN = 60;
const LEAVE_OUT = "Leave it out; the reference lists what is available.";

/** The finding that a name of the contract has no engine yet. */
export function notAvailable(what: string): Finding {
  return { code: "not_available", message: `${what} is not available yet.`, hint: LEAVE_OUT };
}

/**
 * Adds an issue for each thing that the schema found.
 * @param root the value that was checked, for telling a missing key from a wrong one
 */
export function explainAll(found: readonly SchemaIssue[], root: Plain, issues: IssueList): void {
  for (const issue of found) explain(issue, [], { root, issues });
}

interface Context {
  readonly root: Plain;
  readonly issues: IssueList;
}

function explain(issue: SchemaIssue, base: DocumentPath, context: Context): void {
  const path = [...base, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      for (const name of issue.keys) explainUnknownKey(path, name, context);
      return;
    case "invalid_key":
      context.issues.atKey(path, badName(path));
      return;
    case "invalid_union":
      explainUnion(issue, path, context);
      return;
    case "invalid_type":
      explainType(issue.expected, path, context);
      return;
    default:
      context.issues.atValue(path, wrongValue(issue, path, context.root));
  }
}

function explainUnknownKey(path: DocumentPath, name: string, context: Context): void {
  context.issues.atKey([...path, name], {
    code: "unknown_key",
    message: `Unknown key \`${shorten(name)}\`${path.length === 0 ? "" : ` in \`${formatPath(path)}\``}.`,
    hint: didYouMean(name, keysOf(outlineAt(path))),
  });
}

function badName(path: DocumentPath): Finding {
  const [section] = path;
  const forms: Readonly<Record<string, string>> = {
    prices: "Write `provider/model` or `provider/*`.",
    capabilities: "Write `provider/model` or `provider/*`.",
    models: "Names of models hold letters, digits and `. _ - : / @ +`, at most 128.",
  };
  return {
    code: "invalid_value",
    message: `\`${shorten(String(path.at(-1)))}\` is not a name that can stand here.`,
    hint: forms[String(section)] ?? NAME_FORM,
  };
}

/** Takes the branch whose type fits; the others would only confuse. */
function explainUnion(
  issue: Extract<SchemaIssue, { code: "invalid_union" }>,
  path: DocumentPath,
  context: Context,
): void {
  const fitting = issue.errors.filter(
    (branch) => !branch.some((found) => found.code === "invalid_type" && found.path.length === 0),
  );
  const [branch] = fitting;
  if (branch !== undefined && fitting.length === 1) {
    for (const inner of branch) explain(inner, path, context);
    return;
  }
  const wanted = issue.errors.flatMap((found) =>
    found.flatMap((inner) => (inner.code === "invalid_type" ? [typeName(inner.expected)] : [])),
  );
  context.issues.atValue(path, {
    code: "invalid_value",
    message: `${subject(path)} must be ${[...new Set(wanted)].join(" or ")}, not ${kindOf(valueAt(context.root, path))}.`,
  });
}

function explainType(expected: string, path: DocumentPath, context: Context): void {
  const { root, issues } = context;
  if (outlineAt(path)?.later === true) {
    issues.atKey(path, notAvailable(subject(path)));
    return;
  }
  const value = valueAt(root, path);
  if (value === undefined) {
    issues.atKey(path, {
      code: "missing_key",
      message: `${subject(path.slice(0, -1))} needs the key \`${String(path.at(-1))}\`.`,
    });
    return;
  }
  const hint =
    value === null
      ? "Write a value or remove the key."
      : typeHint(expected, value, outlineAt(path));
  issues.atValue(path, {
    code: "invalid_value",
    message: `${subject(path)} ${typeProblem(expected, value)}.`,
    hint,
  });
}

function typeProblem(expected: string, value: Plain): string {
  if (value === null) return "is empty";
  if (typeof value === "number" && expected === "number") return "must be a finite number";
  if (typeof value === "number" && expected === "int") return "must be a whole number";
  return `must be ${typeName(expected)}, not ${kindOf(value)}`;
}

function typeHint(expected: string, value: Plain, outline: Outline | undefined): string {
  if (typeof value === "number" && outline?.pattern === DURATION.source) {
    return `Write it with its unit: \`${value}s\`.`;
  }
  return expected === "string" && typeof value !== "object" ? "Put it in quotes." : "";
}

function wrongValue(issue: SchemaIssue, path: DocumentPath, root: Plain): Finding {
  const value = valueAt(root, path);
  const outline = outlineAt(path);
  const isShown = outline?.secret !== true && value !== undefined && typeof value !== "object";
  const shown = isShown ? ` \`${shorten(String(value))}\`` : "";
  if (issue.code === "custom" && issue.params?.["code"] === "not_available") {
    return notAvailable(`${issue.message} in ${subject(path)}`);
  }
  if (issue.code === "invalid_value") {
    const isLater =
      outline?.later === "other"
        ? typeof value === typeof issue.values[0]
        : Array.isArray(outline?.later) && outline.later.includes(value);
    if (isLater) return notAvailable(`The value${shown} of ${subject(path)}`);
    const options = issue.values.map(String);
    return {
      code: "invalid_value",
      message: `${subject(path)} ${shown === "" ? "" : `has the value${shown}; it `}must be ${options.map((option) => `\`${option}\``).join(" or ")}.`,
      hint: typeof value === "string" ? didYouMean(value, options) : "",
    };
  }
  return { code: "invalid_value", message: `${subject(path)} ${boundText(issue)}` };
}

function boundText(issue: SchemaIssue): string {
  switch (issue.code) {
    case "too_small":
      return `must ${issue.inclusive === false ? "be more than" : atLeast(issue.origin)} ${counted(issue.minimum, issue.origin)}.`;
    case "too_big":
      return `must ${isCounted(issue.origin) ? "have" : "be"} at most ${counted(issue.maximum, issue.origin)}.`;
    case "custom":
    case "invalid_format":
      // Formats and transforms of the document carry a message of their own.
      return issue.message;
    default:
      return `is not valid: ${issue.message}.`;
  }
}

function atLeast(origin: string): string {
  return isCounted(origin) ? "have at least" : "be at least";
}

function isCounted(origin: string): boolean {
  return origin === "string" || origin === "array";
}

function counted(bound: number | bigint, origin: string): string {
  if (!isCounted(origin)) return String(bound);
  if (origin === "string") return `${bound} characters`;
  return bound === 1 ? "1 entry" : `${bound} entries`;
}

function subject(path: DocumentPath): string {
  return path.length === 0 ? "The document" : `\`${formatPath(path)}\``;
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    string: "a text",
    number: "a number",
    int: "a whole number",
    boolean: "`true` or `false`",
    object: "a mapping",
    record: "a mapping",
    array: "a list",
  };
  return names[expected] ?? `a ${expected}`;
}

function kindOf(value: Plain | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean") return `\`${value}\``;
  return typeof value === "object" ? "a mapping" : typeName(typeof value);
}

function valueAt(root: Plain, path: DocumentPath): Plain | undefined {
  let found: Plain | undefined = root;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step))
      return undefined;
    found = (found as { [key: string]: Plain })[step];
  }
  return found;
}

function shorten(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
