// Which values of a document are secrets, read off the schemas step by step. The outline would say it
// too, but making it takes longer than everything else that a good document needs.

import type { z } from "zod";
import { documentSchema } from "./document.ts";
import type { DocumentPath } from "./issue.ts";
import { keyFacts } from "./key-facts.ts";

/** True when what stands at the path must never be repeated. */
export function isSecretKey(path: DocumentPath): boolean {
  let schema: z.core.$ZodType | undefined = documentSchema;
  for (const step of path) {
    schema = childOf(schema, step);
    if (schema === undefined) return false;
  }
  return keyFacts.get(schema as z.ZodType)?.secret === true;
}

function childOf(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "prefault":
      return childOf(def.innerType, step);
    case "object":
      return Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
    case "record":
      return def.valueType;
    case "array":
      return def.element;
    case "union":
      return firstChild(def.options, step);
    default:
      return undefined;
  }
}

function firstChild(
  options: readonly z.core.$ZodType[],
  step: string | number,
): z.core.$ZodType | undefined {
  for (const option of options) {
    const child = childOf(option, step);
    if (child !== undefined) return child;
  }
  return undefined;
}
