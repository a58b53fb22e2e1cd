// The reference page of the configuration document, made from the schemas themselves.

import { stringify } from "yaml";
import { ISSUE_CODES } from "./document/issue.ts";
import type { Outline } from "./document/outline.ts";
import { documentOutline } from "./document/outline.ts";
import { DURATION } from "./document/quantities.ts";
import { withKinds } from "./json-schema.ts";

const INTRODUCTION = `# Configuration

The document is YAML 1.2, one mapping, at most 1,048,576 characters. Keys that are not listed here are
refused with their place and the nearest right name. Keys and values marked *not yet* belong to the
contract, but their engine is not built: they are refused too (\`not_available\`), never ignored.

- Durations are a whole number and a unit: \`300ms\`, \`10s\`, \`5m\`, \`24h\`, \`30d\`.
- \`\${env:NAME}\` and \`\${file:/path}\` stand for a variable or the text of a file, inside any text. Only the
  start-up file may hold them. \`$\${\` stands for \`\${\` itself. A variable that is not set, or empty, is an error;
  with \`optional: true\` the provider is left out instead, with a warning.
- Documents sent by API must hold neither references nor secrets, and their providers must not live at
  private or loopback addresses. Link-local and metadata addresses are refused everywhere.
- The last document applied wins and is stored as a version. At start, the file is applied only when its
  text differs from the last file applied. A document with an error never replaces a good one.
- \`server.listen\`, \`server.admin_listen\` and \`storage\` take effect at the next start.
`;

/** The page `docs/reference/configuration.md`. */
export function configurationReference(): string {
  const root = withKinds(documentOutline());
  const sections = [...tables("", root)];
  return [INTRODUCTION, ...sections, issueTable()].join("\n");
}

/** One table a mapping, in the order of the document. */
function* tables(path: string, outline: Outline): Generator<string> {
  const entries = Object.entries(outline.properties ?? {});
  if (entries.length > 0) yield table(path, outline, entries);
  for (const [name, member] of entries) {
    const memberPath = path === "" ? name : `${path}.${name}`;
    yield* nestedTables(memberPath, member);
  }
}

function* nestedTables(path: string, outline: Outline): Generator<string> {
  if (outline.properties !== undefined) yield* tables(path, outline);
  if (outline.additionalProperties)
    yield* nestedTables(`${path}.<name>`, outline.additionalProperties);
  if (outline.items !== undefined) yield* nestedTables(`${path}[]`, outline.items);
  for (const option of outline.anyOf ?? []) yield* nestedTables(path, option);
}

function table(path: string, outline: Outline, entries: readonly [string, Outline][]): string {
  const heading = path === "" ? "## The document" : `## \`${path}\``;
  const rows = entries.map(([name, member]) => row(name, member, outline.required ?? []));
  const head = ["| key | type | default | example | what it is |", "|---|---|---|---|---|"];
  return [heading, "", ...head, ...rows, ""].join("\n");
}

function row(name: string, outline: Outline, required: readonly string[]): string {
  if (outline.later === true)
    return `| \`${name}\` | | | | *not yet*: ${outline.description ?? ""} |`;
  const cells = [
    `\`${name}\``,
    typeOf(outline),
    required.includes(name) ? "required" : defaultOf(outline),
    outline.example === undefined ? "" : code(outline.example),
    outline.description ?? "",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function typeOf(outline: Outline): string {
  const unit = outline.unit === undefined ? "" : `, ${outline.unit}`;
  const later = Array.isArray(outline.later) ? outline.later : [];
  const coming = later.length === 0 ? "" : `; *not yet*: ${later.map(code).join(", ")}`;
  return `${plainType(outline)}${unit}${bounds(outline)}${coming}`;
}

function plainType(outline: Outline): string {
  if (outline.const !== undefined) return code(outline.const);
  if (outline.enum !== undefined) return outline.enum.map(code).join(", ");
  if (outline.anyOf !== undefined) {
    return [...new Set(outline.anyOf.map(plainType))].join(" or ");
  }
  if (outline.pattern === DURATION.source) return "duration";
  if (outline.type === "array") return `list of ${plainType(outline.items ?? {})}`;
  return [outline.type ?? []]
    .flat()
    .map((type) => TYPE_NAMES[type] ?? type)
    .join(" or ");
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  object: "mapping",
  boolean: "`true`, `false`",
};

function bounds(outline: Outline): string {
  const { minimum, exclusiveMinimum, maximum } = outline;
  const low = minimum ?? exclusiveMinimum;
  if (low === undefined || maximum === undefined) return "";
  return exclusiveMinimum === undefined
    ? `, ${low} to ${maximum}`
    : `, above ${low}, up to ${maximum}`;
}

function defaultOf(outline: Outline): string {
  if (outline.fallback !== undefined) return outline.fallback;
  return outline.default === undefined ? "none" : code(outline.default);
}

/** A value as YAML on one line. */
function code(value: unknown): string {
  const text = stringify(value, {
    collectionStyle: "flow",
    flowCollectionPadding: true,
    lineWidth: 0,
  });
  return `\`${text.trim()}\``;
}

function issueTable(): string {
  const rows = Object.entries(ISSUE_CODES).map(([name, when]) => `| \`${name}\` | ${when} |`);
  return ["## Codes of errors and warnings", "", "| code | when |", "|---|---|", ...rows, ""].join(
    "\n",
  );
}
