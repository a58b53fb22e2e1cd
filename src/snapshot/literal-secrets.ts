// Secrets that stand in a document as they are, instead of as a reference.

import type { DocumentPath } from "./document/issue.ts";
import { isSecretKey } from "./document/secret-keys.ts";
import type { Plain, YamlSource } from "./document/yaml-source.ts";

const REPLACEMENT = '"[secret]"';

/**
 * Finds literal secrets.
 * @param referenced paths (as JSON) of values that held a reference
 */
export function literalSecrets(
  root: Plain,
  referenced: ReadonlySet<string>,
): readonly DocumentPath[] {
  return [...leaves(root, [])].filter(
    (path) => isSecretKey(path) && !referenced.has(JSON.stringify(path)),
  );
}

/** The text with literal secrets blotted out. It is for people to read, not for compiling again. */
export function withoutLiterals(
  text: string,
  literals: readonly DocumentPath[],
  source: YamlSource,
): string {
  const spans = literals.flatMap((path) => source.span(path) ?? []);
  // From the end, so that the offsets before stay right; aliases share the span of their anchor.
  const ordered = spans.toSorted((left, right) => right.start - left.start);
  let result = text;
  let lastStart = Number.POSITIVE_INFINITY;
  for (const { start, end } of ordered) {
    if (start === lastStart) continue;
    lastStart = start;
    const lineEnd = text.slice(start, end).endsWith("\n") ? "\n" : "";
    result = `${result.slice(0, start)}${REPLACEMENT}${lineEnd}${result.slice(end)}`;
  }
  return result;
}

function* leaves(value: Plain, path: DocumentPath): Generator<DocumentPath> {
  if (typeof value !== "object" || value === null) {
    yield path;
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    yield* leaves(member, [...path, Array.isArray(value) ? Number(name) : name]);
  }
}
