// What a vendor's encoder says of everything that it has no place for.

import type { JsonObject } from "#core/json.ts";
import type { EmbeddingUpstreamContext } from "../embedding.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";

/** Fields of the neutral form that some vendors lack. */
export type Lacking = "user" | "title" | "purpose";

/**
 * Extras that go along: those of the own dialect, and those of others that are named like fields which
 * the vendor is known to have. All else is announced.
 * @param own fields of the vendor that the neutral form has no place for
 */
export function leftovers(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
  { own, lacks }: { readonly own: readonly string[]; readonly lacks: readonly Lacking[] },
): JsonObject {
  const [first] = request.inputs;
  if (lacks.includes("user") && request.user !== undefined) context.notice("dropped", "user");
  if (lacks.includes("title") && first?.title !== undefined) context.notice("dropped", "title");
  if (lacks.includes("purpose") && first?.purpose !== undefined) {
    context.notice("dropped", "input_type");
  }
  const known = new Set(own);
  announceExtras(request.extras, context, known);
  return Object.fromEntries([...request.extras].filter(([name]) => known.has(name)));
}
