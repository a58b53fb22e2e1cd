// Anything that imitates OpenAI's chat API: local servers, other vendors, other gateways.

import { reasoningTraits } from "./chat-kind.ts";
import { OPENAI_OPERATIONS } from "./openai-operations.ts";
import type { ProviderKind } from "./provider.ts";

/** The widest common ground: old name of the output cap, everything else as OpenAI has it. */
const TRAITS = reasoningTraits({
  has: ["video"],
  traits: { reasoningField: "reasoning_content" },
  chat: { isUnknownServer: true },
});

/** `kind: openai-compatible`. */
export const OPENAI_COMPATIBLE = Object.freeze({
  id: "openai-compatible",
  title: "OpenAI-compatible",
  defaultBaseUrl: undefined,
  about: {
    source: "https://github.com/openai/openai-openapi (2.3.0)",
    date: "2026-11-22",
    features: ["local servers, other gateways", "reasoning under both names in use"],
  },
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
