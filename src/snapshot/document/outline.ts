// The document's form as plain data: a JSON Schema made from the zod schemas. Error messages, the
// reference page and `sluice.schema.json` all read this one.

import { z } from "zod";
import { documentSchema } from "./document.ts";
import type { DocumentPath } from "./issue.ts";
import type { KeyFacts } from "./key-facts.ts";
import { keyFacts } from "./key-facts.ts";

/** A node of the outline: standard JSON Schema words and the facts of the key. */
export interface Outline extends Partial<KeyFacts> {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Outline>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Outline | false;
  readonly propertyNames?: Outline;
  readonly items?: Outline;
  readonly anyOf?: readonly Outline[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly not?: object;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

let cached: Outline | undefined;

/** The outline of the whole document. Made at first use: a good document never needs it. */
export function documentOutline(): Outline {
  cached ??= z.toJSONSchema(documentSchema, { io: "input", metadata: keyFacts }) as Outline;
  return cached;
}

/** The outline at a path of the document, undefined where the document may hold nothing. */
export function outlineAt(path: DocumentPath): Outline | undefined {
  let found: Outline | undefined = documentOutline();
  for (const step of path) {
    if (found === undefined) return undefined;
    found = childOf(found, step);
  }
  return found;
}

function childOf(outline: Outline, step: string | number): Outline | undefined {
  if (outline.anyOf !== undefined) {
    for (const option of outline.anyOf) {
      const child = childOf(option, step);
      if (child !== undefined) return child;
    }
    return undefined;
  }
  if (typeof step === "number") return outline.items;
  const { properties, additionalProperties } = outline;
  if (properties !== undefined && Object.hasOwn(properties, step)) return properties[step];
  return additionalProperties === false ? undefined : additionalProperties;
}

/** The names that a mapping may hold. */
export function keysOf(outline: Outline | undefined): readonly string[] {
  if (outline?.properties !== undefined) return Object.keys(outline.properties);
  return (outline?.anyOf ?? []).flatMap(keysOf);
}
