// Fireworks AI: open models behind OpenAI's chat API.

import { at, chatKind, reasoningEfforts, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k"],
  lacks: ["files", "audio"],
  limits: { stopSequences: 4, maxTemperature: 2 },
  traits: { reasoningField: "reasoning_content" },
  chat: {
    refused: ["service_tier"],
    efforts: reasoningEfforts("none", "low", "medium", "high"),
  },
});

/** `kind: fireworks`. */
export const FIREWORKS = chatKind({
  id: "fireworks",
  title: "Fireworks AI",
  isPreset: true,
  defaultBaseUrl: "https://api.fireworks.ai/inference/v1",
  about: {
    source: "https://docs.fireworks.ai/api-reference/post-chatcompletions and /guides/reasoning",
    date: "2026-11-22",
    features: ["reasoning apart from the text", "sampling beyond OpenAI's"],
  },
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    embeddings: { embed: at("/embeddings") },
    "openai-completions": { complete: at("/completions") },
  },
  catalogueId: "fireworks",
  traits: () => TRAITS,
});
