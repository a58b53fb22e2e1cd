// `$ref` inside one schema: what it names, and whether it leads back to itself.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Effort } from "./effort.ts";

/**
 * What a reference names within its own document.
 * @returns undefined when it leads elsewhere or nowhere
 */
export function resolveReference(root: JsonObject, reference: string): Json | undefined {
  if (reference === "#") return root;
  if (reference.startsWith("#/")) return atPointer(root, reference.slice(2).split("/"));
  if (!reference.startsWith("#")) return undefined;
  return anchored(root, reference.slice(1));
}

function atPointer(root: JsonObject, steps: readonly string[]): Json | undefined {
  let found: Json | undefined = root;
  for (const step of steps) {
    const key = decoded(step);
    if (Array.isArray(found)) found = /^\d+$/.test(key) ? found[Number(key)] : undefined;
    else if (isJsonObject(found) && Object.hasOwn(found, key)) found = found[key];
    else return undefined;
  }
  return found;
}

/** RFC 6901 in a URI fragment: percent-encoding outside, `~1` and `~0` inside. */
function decoded(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // Not percent-encoded after all.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Definitions alone may carry an anchor: that is where the generators of schemas put them. */
function anchored(root: JsonObject, anchor: string): Json | undefined {
  for (const holder of [root["$defs"], root["definitions"]]) {
    if (!isJsonObject(holder)) continue;
    for (const schema of Object.values(holder)) {
      if (isJsonObject(schema) && schema["$anchor"] === anchor) return schema;
    }
  }
  return undefined;
}

/** More different references than this are no schema that a person or a generator wrote. */
const MOST_REFERENCES = 500;
const BITS = 32;

/**
 * The references of a schema that lead back to themselves.
 * @returns undefined when there are too many to follow
 * @throws EffortSpent
 */
export function recursiveReferences(
  root: JsonObject,
  effort: Effort,
): ReadonlySet<string> | undefined {
  const leadsTo = new Map<string, readonly string[]>();
  const inside = new Map<Json, readonly string[]>();
  const open = [...referencesIn(root, effort)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (leadsTo.has(next)) continue;
    if (leadsTo.size >= MOST_REFERENCES) return undefined;
    const target = resolveReference(root, next) ?? null;
    // The same place can be named in many spellings.
    const found = inside.get(target) ?? referencesIn(target, effort);
    inside.set(target, found);
    leadsTo.set(next, found);
    effort.spend(found.length);
    open.push(...found);
  }
  return leadingBack(leadsTo);
}

/** Those from which one comes back, by Warshall's closure over rows of bits. */
function leadingBack(leadsTo: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const names = [...leadsTo.keys()];
  const places = new Map(names.map((name, place) => [name, place]));
  const rows = names.map((name) => {
    const row = new Uint32Array(Math.ceil(names.length / BITS));
    for (const other of leadsTo.get(name) ?? []) {
      const place = places.get(other) ?? 0;
      row[Math.floor(place / BITS)] = (row[Math.floor(place / BITS)] ?? 0) | bitOf(place);
    }
    return row;
  });
  for (const [place, through] of rows.entries()) {
    for (const row of rows) {
      if (!has(row, place)) continue;
      for (const [word, bits] of through.entries()) row[word] = (row[word] ?? 0) | bits;
    }
  }
  return new Set(names.filter((_, place) => has(rows[place], place)));
}

function bitOf(place: number): number {
  return 1 << (place % BITS);
}

function has(row: Uint32Array | undefined, place: number): boolean {
  return ((row?.[Math.floor(place / BITS)] ?? 0) & bitOf(place)) !== 0;
}

/** Every `$ref` below a value, each once. */
function referencesIn(value: Json, effort: Effort): string[] {
  const found = new Set<string>();
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    effort.spend(1);
    if (Array.isArray(next)) {
      for (const item of next) open.push(item);
    } else if (isJsonObject(next)) {
      const reference = next["$ref"];
      if (typeof reference === "string") found.add(reference);
      for (const member of Object.values(next)) {
        if (typeof member === "object" && member !== null) open.push(member);
      }
    }
  }
  return [...found];
}
