// The schemas say of every key what the outline says.

import { describe, expect, test } from "bun:test";
import type { DocumentPath } from "./issue.ts";
import { documentOutline, type Outline, outlineAt } from "./outline.ts";
import { isSecretKey } from "./secret-keys.ts";

/** Every path of the outline, with a name and a place where any may stand. */
function* paths(outline: Outline, path: DocumentPath): Generator<DocumentPath> {
  yield path;
  for (const option of outline.anyOf ?? []) yield* paths(option, path);
  for (const [name, member] of Object.entries(outline.properties ?? {})) {
    yield* paths(member, [...path, name]);
  }
  if (outline.additionalProperties) yield* paths(outline.additionalProperties, [...path, "any"]);
  if (outline.items) yield* paths(outline.items, [...path, 0]);
}

describe("a secret key", () => {
  const all = [...paths(documentOutline(), [])];

  test("is one by its schema when it is one by the outline", () => {
    const secret = all.filter(isSecretKey);
    expect(secret).toEqual(all.filter((path) => outlineAt(path)?.secret === true));
    expect(secret).toContainEqual(["providers", "any", "api_key"]);
    expect(secret).toContainEqual(["providers", "any", "api_keys", 0, "value"]);
    expect(secret).toContainEqual(["keys", 0, "value"]);
  });

  test("is nothing that the document may not hold", () => {
    for (const path of [
      ["nothing"],
      ["keys", 0, "value", "deeper"],
      ["__proto__"],
      ["constructor"],
    ]) {
      expect(isSecretKey(path)).toBe(false);
    }
  });
});
