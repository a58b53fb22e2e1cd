// Together AI: open models behind OpenAI's chat API.

import { at, chatKind, effortsAs, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k"],
  lacks: ["files"],
  traits: { reasoningField: "reasoning" },
  chat: {
    refused: ["user", "metadata", "service_tier"],
    efforts: {
      ...effortsAs(["none", "low", "medium", "high"], (effort) =>
        effort === "none" ? { reasoning: { enabled: false } } : { reasoning_effort: effort },
      ),
      adaptive: { members: { reasoning: { enabled: true } } },
    },
  },
});

/** `kind: together`. */
export const TOGETHER = chatKind({
  id: "together",
  title: "Together AI",
  isPreset: true,
  defaultBaseUrl: "https://api.together.xyz/v1",
  about: {
    source: "https://docs.together.ai/docs/openai-api-compatibility and /docs/reasoning-overview",
    date: "2026-11-22",
    features: ["reasoning in a member of its own", "sampling beyond OpenAI's"],
  },
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    embeddings: { embed: at("/embeddings") },
    rerank: { rerank: at("/rerank") },
    "openai-completions": { complete: at("/completions") },
    "openai-media": {
      generate_image: at("/images/generations"),
      speak: at("/audio/speech"),
      transcribe: at("/audio/transcriptions"),
      translate_audio: at("/audio/translations"),
    },
  },
  catalogueId: "together",
  traits: () => TRAITS,
});
