// Hugging Face's router to inference providers.

import { chatKind, reasoningEfforts, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  lacks: ["files", "audio"],
  chat: {
    refused: ["metadata", "service_tier", "user"],
    efforts: reasoningEfforts("none", "low", "medium", "high"),
  },
});

/** `kind: huggingface`. */
export const HUGGINGFACE = chatKind({
  id: "huggingface",
  title: "Hugging Face",
  isPreset: true,
  defaultBaseUrl: "https://router.huggingface.co/v1",
  about: {
    source: "https://huggingface.co/docs/inference-providers/tasks/chat-completion",
    date: "2026-11-22",
    features: ["a provider chosen by `model:provider`"],
  },
  traits: () => TRAITS,
});
