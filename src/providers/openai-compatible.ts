// Anything that imitates OpenAI's chat API: local servers, other vendors, other gateways.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import { OPENAI_OPERATIONS } from "./openai-operations.ts";
import type { ProviderKind } from "./provider.ts";

/** The widest common ground: old name of the output cap, everything else as OpenAI has it. */
const TRAITS: ModelTraits = Object.freeze({
  reasoning: "effort",
  outputCapField: "max_tokens",
  defaultOutputTokens: 4096,
  features: all("emulated", "images_in_tool_results"),
});

/** `kind: openai-compatible`. */
export const OPENAI_COMPATIBLE = Object.freeze({
  id: "openai-compatible",
  title: "OpenAI-compatible",
  defaultBaseUrl: undefined,
  needsKey: false,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  speaks: {
    "openai-chat": { generate: { path: () => "/chat/completions" } },
    embeddings: { embed: { path: () => "/embeddings" } },
    rerank: { rerank: { path: () => "/rerank" } },
    ...OPENAI_OPERATIONS,
  },
  stateOrigins: ["openai-compatible", "openai-chat"],
  catalogueId: "",
  transport: "http",
  traits: () => TRAITS,
} as const satisfies ProviderKind);
