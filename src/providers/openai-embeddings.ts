// OpenAI's embedding endpoint: what callers of its form may write for other vendors is taken out before
// it refuses the whole call.

import type { Json, JsonObject } from "#core/json.ts";
import type { BodyEdits } from "#dialects/dialect.ts";
import type { OutletCall } from "./provider.ts";

/** Fields that say what the vectors are for; OpenAI's models make one sort of vectors. */
const FOREIGN = ["input_type", "task", "task_type", "title"] as const;
const CUTS = ["truncate", "truncation"] as const;
const NO_CUT: ReadonlySet<Json> = new Set([false, "NONE", "none"]);

/** See `Endpoint.bodyEdits`. */
export function openaiEmbeddingEdits(body: JsonObject, { notice }: OutletCall): BodyEdits {
  const edits = new Map<string, Json | undefined>();
  for (const name of FOREIGN) {
    if (body[name] === undefined) continue;
    edits.set(name, undefined);
    if (body[name] !== null) notice("dropped", name);
  }
  for (const name of CUTS) {
    const value = body[name];
    if (value === undefined) continue;
    edits.set(name, undefined);
    // What is too long is refused anyway.
    if (value !== null && !NO_CUT.has(value)) notice("dropped", "truncate");
  }
  const size = body["output_dimension"];
  if (size !== undefined) {
    edits.set("output_dimension", undefined);
    if (size !== null && body["dimensions"] === undefined) edits.set("dimensions", size);
  }
  return edits;
}
