// Perplexity: answers out of a web search of its own.

import { chatKind, reasoningEfforts, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k"],
  lacks: ["tools", "logit_bias", "logprobs", "n", "seed", "stop", "audio", "json_mode"],
  limits: { maxTemperature: 2 },
  chat: {
    refused: ["user", "metadata", "service_tier", "messages.name"],
    efforts: reasoningEfforts("minimal", "low", "medium", "high"),
  },
});

/** `kind: perplexity`. */
export const PERPLEXITY = chatKind({
  id: "perplexity",
  title: "Perplexity",
  isPreset: true,
  defaultBaseUrl: "https://api.perplexity.ai",
  about: {
    source: "https://docs.perplexity.ai/api-reference/chat-completions-post",
    date: "2026-11-22",
    features: ["answers out of web searches", "citations and search results"],
  },
  catalogueId: "perplexity",
  traits: () => TRAITS,
});
