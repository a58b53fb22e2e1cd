// Ollama: a server of local models. Calls in OpenAI's form pass through to its imitation of that; every
// other goes to its own API, which loses less.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import { at } from "./chat-kind.ts";
import type { ProviderKind } from "./provider.ts";

const TRAITS: ModelTraits = Object.freeze({
  reasoning: "effort",
  outputCapField: "max_tokens",
  reasoningField: "reasoning",
  defaultOutputTokens: 4096,
  features: {
    ...all("none", "logit_bias", "logprobs", "n", "parallel_tool_calls", "forced_tool_choice"),
    ...all("none", "audio", "video", "files", "cache_marks", "strict_tools"),
    ...all("emulated", "named_tool_choice", "allowed_tools"),
  },
});

/** `kind: ollama`. */
export const OLLAMA: ProviderKind = Object.freeze({
  id: "ollama",
  title: "Ollama",
  defaultBaseUrl: "http://127.0.0.1:11434",
  baseUrlEnds: ["/v1", "/api"],
  about: {
    source: "https://github.com/ollama/ollama/blob/main/docs/openapi.yaml and api/types.go",
    date: "2026-11-22",
    features: ["thinking levels", "schemas", "context size by call", "durations"],
  },
  needsKey: false,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  // The order is that of preference where a call has to be translated anyway.
  speaks: {
    "ollama-chat": { generate: at("/api/chat") },
    "openai-chat": { generate: at("/v1/chat/completions") },
    "ollama-embeddings": { embed: at("/api/embed") },
  },
  stateOrigins: ["ollama", "ollama-chat", "openai-chat"],
  catalogueId: "",
  transport: "http",
  traits: () => TRAITS,
} satisfies ProviderKind);
