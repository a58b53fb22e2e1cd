// `$ref` inside one schema: what it names, and whether it leads back to itself.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";

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

/**
 * The references of a schema that lead back to themselves.
 * @returns undefined when there are too many to follow
 */
export function recursiveReferences(root: JsonObject): ReadonlySet<string> | undefined {
  const leadsTo = new Map<string, readonly string[]>();
  const open = referencesIn(root);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (leadsTo.has(next)) continue;
    if (leadsTo.size >= MOST_REFERENCES) return undefined;
    const target = resolveReference(root, next);
    const inside = target === undefined ? [] : referencesIn(target);
    leadsTo.set(next, inside);
    open.push(...inside);
  }
  return new Set([...leadsTo.keys()].filter((reference) => isReached(reference, leadsTo)));
}

function isReached(reference: string, leadsTo: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(leadsTo.get(reference) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === reference) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(leadsTo.get(next) ?? []));
  }
  return false;
}

/** Every `$ref` below a value, each once. */
function referencesIn(value: Json): string[] {
  const found = new Set<string>();
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next);
    else if (isJsonObject(next)) {
      const reference = next["$ref"];
      if (typeof reference === "string") found.add(reference);
      for (const member of Object.values(next)) {
        if (typeof member === "object" && member !== null) open.push(member);
      }
    }
  }
  return [...found];
}
