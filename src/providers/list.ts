// The list of provider kinds. A new one is a file of its own and a line here.

import { ANTHROPIC } from "./anthropic.ts";
import { DEMO } from "./demo.ts";
import { GEMINI } from "./gemini.ts";
import { OPENAI } from "./openai.ts";
import { OPENAI_COMPATIBLE } from "./openai-compatible.ts";
import type { ProviderKind } from "./provider.ts";

const KINDS: readonly ProviderKind[] = [OPENAI, ANTHROPIC, GEMINI, OPENAI_COMPATIBLE, DEMO];

/** All kinds by id. */
export const PROVIDER_KINDS: ReadonlyMap<string, ProviderKind> = new Map(
  KINDS.map((kind) => [kind.id, kind]),
);

/**
 * The kind with this id, for ids that a compiled document holds.
 * @throws Error when there is none: the compiler lets no such id through
 */
export function providerKindOf(id: string): ProviderKind {
  const kind = PROVIDER_KINDS.get(id);
  if (kind === undefined) throw new Error(`There is no provider kind ${id}.`);
  return kind;
}
