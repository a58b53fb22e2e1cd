// Google's Gemini API (not Vertex AI).

import type { ProviderKind } from "./provider.ts";
import { embeddingTraits } from "./traits/embeddings.ts";
import { traitsOf } from "./traits/families.ts";
import { GEMINI_FAMILIES } from "./traits/gemini.ts";

/** `kind: gemini`. */
export const GEMINI = Object.freeze({
  id: "gemini",
  title: "Google Gemini",
  defaultBaseUrl: "https://generativelanguage.googleapis.com",
  baseUrlEnds: ["/v1beta"],
  about: {
    source: "https://ai.google.dev/api",
    date: "2026-11-22",
    features: ["thought signatures", "grounding", "code execution"],
  },
  needsKey: true,
  keyHeader: { name: "x-goog-api-key", prefix: "" },
  headers: {},
  speaks: {
    "gemini-generate": {
      generate: {
        // Without `alt=sse` the stream would be one JSON array.
        path: (model, stream) =>
          stream
            ? `/v1beta/models/${model}:streamGenerateContent?alt=sse`
            : `/v1beta/models/${model}:generateContent`,
      },
      count_tokens: { path: (model) => `/v1beta/models/${model}:countTokens` },
    },
    "gemini-embed-batch": {
      embed: { path: (model) => `/v1beta/models/${model}:batchEmbedContents` },
    },
    "gemini-embed": { embed: { path: (model) => `/v1beta/models/${model}:embedContent` } },
  },
  embedding: embeddingTraits,
  stateOrigins: ["gemini", "gemini-generate"],
  catalogueId: "gemini",
  transport: "http",
  traits: (model) => traitsOf(GEMINI_FAMILIES, model),
} as const satisfies ProviderKind);
