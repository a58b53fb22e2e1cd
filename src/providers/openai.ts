// OpenAI's own API.

import { openaiEmbeddingEdits } from "./openai-embeddings.ts";
import { OPENAI_OPERATIONS } from "./openai-operations.ts";
import type { CallShape, ProviderKind } from "./provider.ts";
import { embeddingTraits } from "./traits/embeddings.ts";
import { traitsOf } from "./traits/families.ts";
import { OPENAI_FAMILIES } from "./traits/openai.ts";

/**
 * Only the Responses API gives out what a model thought, sealed, and takes it back: calls that ask for
 * reasoning go there. All others lose nothing in chat, which alone has stop sequences, seeds, penalties
 * and several answers.
 */
export function keepsReasoning(
  model: string,
  { choices, audioCount, reasoning }: CallShape,
): boolean {
  const hasReasoning = traitsOf(OPENAI_FAMILIES, model).reasoning !== "none";
  return reasoning && hasReasoning && choices <= 1 && audioCount === 0;
}

/** `kind: openai`. */
export const OPENAI = Object.freeze({
  id: "openai",
  title: "OpenAI",
  defaultBaseUrl: "https://api.openai.com/v1",
  about: {
    source: "https://developers.openai.com/api and github.com/openai/openai-openapi (2.3.0)",
    date: "2026-11-22",
    features: ["custom tools", "encrypted reasoning", "predicted outputs"],
  },
  needsKey: true,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  speaks: {
    "openai-chat": { generate: { path: () => "/chat/completions" } },
    "openai-responses": {
      generate: {
        path: () => "/responses",
        losesLeast: keepsReasoning,
      },
      count_tokens: { path: () => "/responses/input_tokens" },
    },
    embeddings: { embed: { path: () => "/embeddings", bodyEdits: openaiEmbeddingEdits } },
    ...OPENAI_OPERATIONS,
  },
  stateOrigins: ["openai", "openai-chat", "openai-responses"],
  catalogueId: "openai",
  transport: "http",
  traits: (model) => traitsOf(OPENAI_FAMILIES, model),
  embedding: embeddingTraits,
} as const satisfies ProviderKind);
