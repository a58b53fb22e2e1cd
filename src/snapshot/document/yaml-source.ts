// Reads YAML into plain values with the place of each. Anchors are followed within limits, custom tags
// and duplicate keys are refused, and nothing of the text can reach a prototype.

import type { Alias, Document, Node, Pair, ParsedNode, Scalar } from "yaml";
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { ConfigIssue, DocumentPath, Place, Places } from "./issue.ts";
import { IssueList } from "./issue.ts";

/** Longest document, in UTF-16 code units. */
const MAX_DOCUMENT_LENGTH = 1_048_576;
/** Most values of a document, each use of an anchor counted again. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 32;
/** Errors of the YAML parser beyond these only repeat the first ones. */
const MAX_SYNTAX_ISSUES = 20;

/** A plain value as YAML gives it. */
export type Plain = string | number | boolean | null | Plain[] | PlainObject;
/** A plain mapping. */
export interface PlainObject {
  [key: string]: Plain;
}

/** A document that could be read. */
export interface YamlSource {
  readonly root: Plain;
  readonly places: Places;
  /** The number at the path as it is written, undefined when there is none. */
  numberText(path: DocumentPath): string | undefined;
  /** Where the text of the scalar at the path begins and ends; that of the anchor, if it is an alias. */
  span(path: DocumentPath): Span | undefined;
}

/** Offsets into the text, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What reading gives. */
export type YamlReading =
  | { readonly ok: true; readonly source: YamlSource }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Where a key and its value begin in the text. */
interface Spot {
  readonly key: number;
  readonly value: number;
  /** The scalar that stands there or that an alias there stands for. */
  readonly scalar: Scalar | undefined;
}

/** Reads a document. Never throws for what stands in the text. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const reader = new ValueReader(lines);
  if (text.length > MAX_DOCUMENT_LENGTH) {
    reader.refuse(`The document is longer than ${MAX_DOCUMENT_LENGTH} characters.`);
    return { ok: false, issues: reader.issues.all };
  }
  // Duplicate keys and anchors are the reader's own: the library's ways are quadratic.
  const document = parseDocument(text, {
    schema: "core",
    strict: true,
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "error",
    lineCounter: lines,
  });
  reportSyntax(document, lines, reader.issues);
  if (!reader.issues.isEmpty) return { ok: false, issues: reader.issues.all };
  const root = document.contents === null ? {} : reader.read(document.contents);
  if (!reader.issues.isEmpty) return { ok: false, issues: reader.issues.all };
  const numberText = (path: DocumentPath) => reader.numberText(path);
  const span = (path: DocumentPath) => reader.span(path);
  return { ok: true, source: { root, places: reader, numberText, span } };
}

function reportSyntax(document: Document.Parsed, lines: LineCounter, issues: IssueList): void {
  // A warning of the library is an unknown tag or directive: the value would not be what it says.
  const complaints = [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_ISSUES);
  for (const complaint of complaints) {
    const { line, col } = lines.linePos(complaint.pos[0]);
    const message =
      complaint.code === "MULTIPLE_DOCS"
        ? "The file holds several YAML documents; only one is read."
        : `Not valid YAML: ${complaint.message.replace(/\.$/, "")}.`;
    const place = { line: Math.max(line, 1), column: Math.max(col, 1) };
    issues.at([], place, { code: "invalid_yaml", message });
  }
}

/** Turns nodes into values and remembers where each stood. */
class ValueReader implements Places {
  readonly issues: IssueList;
  readonly #lines: LineCounter;
  readonly #spots = new Map<string, Spot>();
  readonly #anchors = new Map<string, Node>();
  #valueCount = 0;
  #isInsideAlias = false;

  constructor(lines: LineCounter) {
    this.#lines = lines;
    this.issues = new IssueList(this);
  }

  read(root: ParsedNode): Plain {
    this.#note([], root, root);
    return this.#read(root, []);
  }

  refuse(message: string): void {
    this.issues.atValue([], { code: "invalid_yaml", message });
  }

  value(path: DocumentPath): Place {
    return this.#place(path, "value");
  }

  key(path: DocumentPath): Place {
    return this.#place(path, "key");
  }

  numberText(path: DocumentPath): string | undefined {
    const scalar = this.#spots.get(JSON.stringify(path))?.scalar;
    return typeof scalar?.value === "number" ? scalar.source : undefined;
  }

  span(path: DocumentPath): Span | undefined {
    const range = this.#spots.get(JSON.stringify(path))?.scalar?.range;
    return range ? { start: range[0], end: range[1] } : undefined;
  }

  #place(path: DocumentPath, which: "value" | "key"): Place {
    for (let length = path.length; length >= 0; length -= 1) {
      const spot = this.#spots.get(JSON.stringify(path.slice(0, length)));
      if (spot === undefined) continue;
      // A missing key is shown at the key of the entry that should hold it.
      return this.#placeOf(length === path.length ? spot[which] : spot.key);
    }
    return { line: 1, column: 1 };
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #note(path: DocumentPath, keyNode: Node, valueNode: Node | undefined): void {
    const target = this.#target(valueNode);
    const key = keyNode.range?.[0] ?? 0;
    const [start = key, end = key] = valueNode?.range ?? [];
    this.#spots.set(JSON.stringify(path), {
      key,
      // An empty value has no sign of its own to point at.
      value: end > start ? start : key,
      scalar: isScalar(target) ? target : undefined,
    });
  }

  #target(node: Node | undefined): Node | undefined {
    return isAlias(node) ? this.#anchors.get(node.source) : node;
  }

  #read(node: Node | undefined, path: DocumentPath): Plain {
    this.#valueCount += 1;
    if (this.#isOverLimit(path)) return null;
    const wasInsideAlias = this.#isInsideAlias;
    const target = this.#target(node);
    if (isAlias(node)) {
      this.#isInsideAlias = true;
      if (target === undefined) this.#refuseAlias(node, path);
    }
    // What an alias repeats must not define its anchors anew.
    if (!this.#isInsideAlias) this.#define(target);
    const value = this.#valueOf(target, path);
    this.#isInsideAlias = wasInsideAlias;
    return value;
  }

  #refuseAlias(node: Alias, path: DocumentPath): void {
    this.issues.at(path, this.#placeOf(node.range?.[0] ?? 0), {
      code: "invalid_yaml",
      message: `The alias \`*${node.source}\` has no anchor before it.`,
    });
  }

  #define(node: Node | undefined): void {
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
    }
  }

  #isOverLimit(path: DocumentPath): boolean {
    if (this.#valueCount <= MAX_VALUES && path.length <= MAX_DEPTH) return false;
    if (this.issues.isEmpty) {
      this.refuse(
        `The document holds more than ${MAX_VALUES} values or more than ${MAX_DEPTH} levels, anchors written out.`,
      );
    }
    return true;
  }

  #valueOf(node: Node | undefined, path: DocumentPath): Plain {
    if (isMap(node)) return this.#readMap(node.items, path);
    if (isSeq(node)) return this.#readSequence(node.items, path);
    return isScalar(node) ? plainScalar(node.value) : null;
  }

  #readSequence(items: readonly unknown[], path: DocumentPath): Plain[] {
    const values: Plain[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#valueCount > MAX_VALUES) break;
      const node = isNode(item) ? item : undefined;
      if (node !== undefined) this.#note([...path, index], node, node);
      values.push(this.#read(node, [...path, index]));
    }
    return values;
  }

  #readMap(pairs: readonly Pair[], path: DocumentPath): PlainObject {
    const object: PlainObject = {};
    for (const pair of pairs) {
      if (this.#valueCount > MAX_VALUES) break;
      // The option `stringKeys` has refused all other keys.
      const keyNode = pair.key as Scalar<string>;
      const name = keyNode.value;
      const entryPath = [...path, name];
      if (Object.hasOwn(object, name) || name === "__proto__") {
        this.#refuseKey(entryPath, keyNode);
        continue;
      }
      const valueNode = isNode(pair.value) ? pair.value : undefined;
      this.#note(entryPath, keyNode, valueNode);
      object[name] = this.#read(valueNode, entryPath);
    }
    return object;
  }

  #refuseKey(path: DocumentPath, keyNode: Scalar<string>): void {
    const place = this.#placeOf(keyNode.range?.[0] ?? 0);
    if (keyNode.value === "__proto__") {
      this.issues.at(path, place, { code: "unknown_key", message: "`__proto__` is not a key." });
      return;
    }
    this.issues.at(path, place, {
      code: "duplicate",
      message: `The key \`${keyNode.value}\` stands here for the second time.`,
      hint: `The first one is in line ${this.key(path).line}.`,
    });
  }
}

function plainScalar(value: unknown): Plain {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return null;
}
