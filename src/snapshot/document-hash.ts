// Names a resolved document by what it says: comments, order of keys and spacing do not count, a
// rotated secret does, and no secret can be read back.

import type { DocumentPath } from "./document/issue.ts";
import { isSecretKey } from "./document/secret-keys.ts";
import type { Plain } from "./document/yaml-source.ts";
import { sha256 } from "./text-hash.ts";

const HASH_DIGITS = 16;

/**
 * @param root the document with its references replaced
 * @param referenced paths (as JSON) of values that held a reference; they count as secrets too
 * @returns 16 hex digits
 */
export function documentHash(root: Plain, referenced: ReadonlySet<string>): string {
  return sha256(canonical(root, [], referenced)).slice(0, HASH_DIGITS);
}

function canonical(value: Plain, path: DocumentPath, referenced: ReadonlySet<string>): string {
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => canonical(item, [...path, index], referenced)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.keys(value).toSorted();
    const written = members.map((name) => {
      const member = value[name] ?? null;
      return `${JSON.stringify(name)}:${canonical(member, [...path, name], referenced)}`;
    });
    return `{${written.join(",")}}`;
  }
  const isSecret = referenced.has(JSON.stringify(path)) || isSecretKey(path);
  return JSON.stringify(isSecret ? `sha256:${sha256(String(value))}` : value);
}
