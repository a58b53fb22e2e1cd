// Ollama: a server of local models. Calls in OpenAI's form pass through to its imitation of that; every
// other goes to its own API, which loses less.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import { at } from "./chat-kind.ts";
import type { ProviderKind } from "./provider.ts";
import { type FamilyTable, traitsOf } from "./traits/families.ts";

/** Models that think or do not, as they are told. */
const THINKING: ModelTraits = {
  reasoning: "effort",
  outputCapField: "max_tokens",
  reasoningField: "reasoning",
  defaultOutputTokens: 4096,
  features: {
    ...all("none", "logit_bias", "n", "parallel_tool_calls", "forced_tool_choice"),
    ...all("none", "named_tool_choice", "strict_tools", "cache_marks"),
    ...all("none", "audio", "video", "files", "media_urls"),
    ...all("emulated", "allowed_tools", "images_in_tool_results"),
  },
};
/** Models with levels of thinking. */
const LEVELS: ModelTraits = { ...THINKING, reasoning: "level" };
/** Models that never think, and answer a wish for it with an error. */
const PLAIN: ModelTraits = { ...THINKING, reasoning: "none" };

const FAMILIES: FamilyTable = {
  source: "https://docs.ollama.com/capabilities/thinking and github.com/ollama/ollama api/types.go",
  date: "2026-11-22",
  families: [
    { prefixes: ["gpt-oss"], traits: LEVELS },
    {
      prefixes: [
        "llama2",
        "llama3",
        "codellama",
        "tinyllama",
        "llava",
        "gemma",
        "phi",
        "starcoder",
      ],
      traits: PLAIN,
    },
    {
      prefixes: ["mistral", "mixtral", "ministral", "codestral", "devstral", "qwen2", "qwen:"],
      traits: PLAIN,
    },
    { prefixes: ["command-r", "granite3.1", "smollm", "dolphin", "vicuna", "orca"], traits: PLAIN },
  ],
  newest: THINKING,
};

/** `kind: ollama`. */
export const OLLAMA: ProviderKind = Object.freeze({
  id: "ollama",
  title: "Ollama",
  defaultBaseUrl: "http://127.0.0.1:11434",
  baseUrlEnds: ["/v1", "/api"],
  about: {
    source: FAMILIES.source,
    date: FAMILIES.date,
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
    "openai-completions": { complete: at("/v1/completions") },
  },
  stateOrigins: ["ollama", "ollama-chat", "openai-chat"],
  catalogueId: "",
  transport: "http",
  traits: (model) => traitsOf(FAMILIES, model),
} satisfies ProviderKind);
