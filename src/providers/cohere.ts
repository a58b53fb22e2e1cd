// Cohere's own API, second version.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import { at } from "./chat-kind.ts";
import type { ProviderKind } from "./provider.ts";
import { embeddingTraits } from "./traits/embeddings.ts";
import { type FamilyTable, traitsOf } from "./traits/families.ts";

/** Letters, digits and underscores, no digit first (docs.cohere.com/v1/reference/chat, 2026-11). */
const TOOL_NAMES = { character: /^[a-zA-Z0-9_]$/, first: /^[a-zA-Z_]$/, maxLength: 64 };

/** Models that answer at once. */
const PLAIN: ModelTraits = {
  reasoning: "none",
  outputCapField: "max_tokens",
  defaultOutputTokens: 4096,
  accepts: { toolNames: TOOL_NAMES },
  features: {
    ...all("none", "reasoning", "images", "audio", "video", "n", "logit_bias", "logprobs"),
    ...all("none", "parallel_tool_calls", "cache_marks", "files"),
    ...all("emulated", "named_tool_choice", "allowed_tools", "images_in_tool_results"),
    ...all("emulated", "prefill"),
  },
  limits: { stopSequences: 5, maxTemperature: 1 },
};

const FAMILIES: FamilyTable = {
  source: "https://docs.cohere.com/v2/reference/chat and /docs/reasoning",
  date: "2026-11-22",
  families: [
    {
      prefixes: ["command-a-reasoning", "command-a-plus"],
      traits: {
        ...PLAIN,
        reasoning: "budget",
        features: { ...PLAIN.features, reasoning: "native" },
      },
    },
    {
      prefixes: ["command-a-vision", "c4ai-aya-vision"],
      traits: { ...PLAIN, features: { ...PLAIN.features, images: "native" } },
    },
  ],
  newest: PLAIN,
};

/** `kind: cohere`. */
export const COHERE: ProviderKind = Object.freeze({
  id: "cohere",
  title: "Cohere",
  defaultBaseUrl: "https://api.cohere.com",
  baseUrlEnds: ["/v1", "/v2"],
  about: {
    source: FAMILIES.source,
    date: FAMILIES.date,
    features: [
      "embeddings and reranking",
      "documents with citations",
      "tool plans",
      "safety modes",
    ],
  },
  needsKey: true,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  speaks: {
    "cohere-chat": { generate: at("/v2/chat") },
    "cohere-embeddings": { embed: at("/v2/embed") },
    "cohere-rerank": { rerank: at("/v2/rerank") },
  },
  embedding: embeddingTraits,
  stateOrigins: ["cohere", "cohere-chat"],
  catalogueId: "cohere",
  transport: "http",
  traits: (model) => traitsOf(FAMILIES, model),
} satisfies ProviderKind);
