// NVIDIA's hosted NIM, and NIM containers anywhere.

import { at, chatKind, effortsAs, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k"],
  lacks: ["files", "audio"],
  traits: { reasoningField: "reasoning_content" },
  chat: {
    refused: ["metadata", "service_tier", "user"],
    efforts: effortsAs(["none", "low", "medium", "high"], (effort) =>
      effort === "none"
        ? { chat_template_kwargs: { thinking: false, enable_thinking: false } }
        : { reasoning_effort: effort },
    ),
  },
});

/** `kind: nvidia`. */
export const NVIDIA = chatKind({
  id: "nvidia",
  title: "NVIDIA NIM",
  isPreset: true,
  defaultBaseUrl: "https://integrate.api.nvidia.com/v1",
  about: {
    source: "https://docs.api.nvidia.com/nim/reference/llm-apis",
    date: "2026-11-22",
    features: ["reasoning apart from the text"],
  },
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    embeddings: { embed: at("/embeddings") },
  },
  traits: () => TRAITS,
});
