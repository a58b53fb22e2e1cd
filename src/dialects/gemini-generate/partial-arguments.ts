// Arguments of a call that arrive piece by piece, each at a JSON path (Vertex,
// `streamFunctionCallArguments`), put together to one object.

import type { Json } from "#core/json.ts";
import type { Fields } from "./fields.ts";

/** Beyond this an index is a hostile one: arrays are filled from the start. */
const MAX_INDEX = 10_000;
const MAX_DEPTH = 128;
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y;

type Branch = Map<string | number, Tree>;
type Tree = { value: Json } | { branch: Branch; isList: boolean };

/** One object in the making. */
export class PartialArguments {
  readonly #root: Branch = new Map();

  /** Takes one entry of `partialArgs`; an entry whose path cannot be read changes nothing. */
  take(entry: Fields): void {
    const path = parsePath(entry.string("jsonPath") ?? "");
    const value = readValue(entry);
    if (path !== undefined && value !== undefined) set(this.#root, path, value);
  }

  /** Takes members that came whole. */
  takeAll(members: Readonly<Record<string, Json | undefined>>): void {
    for (const [name, value] of Object.entries(members)) {
      if (value !== undefined) this.#root.set(name, { value });
    }
  }

  /** The object so far, as JSON text. */
  toJson(): string {
    return JSON.stringify(build({ branch: this.#root, isList: false }));
  }
}

function readValue(entry: Fields): Json | undefined {
  if (entry.json["nullValue"] !== undefined || entry.json["null_value"] !== undefined) return null;
  return entry.string("stringValue") ?? entry.number("numberValue") ?? entry.flag("boolValue");
}

/** `$.a[0]['b c']` -> ["a", 0, "b c"]; undefined when it is no such path. */
function parsePath(text: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  let position = text.startsWith("$") ? 1 : 0;
  const path = position === 1 || text.startsWith(".") || text.startsWith("[") ? text : `.${text}`;
  while (position < path.length) {
    STEP.lastIndex = position;
    const match = STEP.exec(path);
    if (match === null || steps.length >= MAX_DEPTH) return undefined;
    const [whole, name, index, single, double] = match;
    if (index !== undefined && Number(index) > MAX_INDEX) return undefined;
    const quoted = (single ?? double)?.replace(/\\(.)/g, "$1");
    steps.push(index === undefined ? (name ?? quoted ?? "") : Number(index));
    position += whole.length;
  }
  return steps.length === 0 ? undefined : steps;
}

/** Sets a value; text at a place that holds text already continues it. */
function set(root: Branch, path: readonly (string | number)[], value: Json): void {
  let branch = root;
  for (const [depth, step] of path.entries()) {
    const known = branch.get(step);
    const next = path[depth + 1];
    if (next === undefined) {
      const before = known !== undefined && "value" in known ? known.value : undefined;
      const isMore = typeof before === "string" && typeof value === "string";
      branch.set(step, { value: isMore ? before + value : value });
      return;
    }
    if (known !== undefined && "branch" in known) branch = known.branch;
    else {
      const made = { branch: new Map(), isList: typeof next === "number" };
      branch.set(step, made);
      branch = made.branch;
    }
  }
}

function build(tree: Tree): Json {
  if ("value" in tree) return tree.value;
  if (!tree.isList) {
    return Object.fromEntries(
      [...tree.branch].map(([name, inner]) => [String(name), build(inner)]),
    );
  }
  const list: Json[] = [];
  for (const [index, inner] of tree.branch) {
    if (typeof index !== "number") continue;
    while (list.length <= index) list.push(null);
    list[index] = build(inner);
  }
  return list;
}
