// Alibaba Cloud's Qwen models. The default address is the international one.

import { at, chatKind, reasoningTraits, switchedBy } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k"],
  lacks: ["logit_bias", "files"],
  limits: { maxTemperature: 2 },
  traits: { reasoningField: "reasoning_content" },
  chat: {
    refused: ["user", "metadata", "service_tier"],
    efforts: switchedBy({ enable_thinking: false }, { enable_thinking: true }),
    budget: { path: ["thinking_budget"], beside: { enable_thinking: true } },
  },
});

/** `kind: alibaba`. */
export const ALIBABA = chatKind({
  id: "alibaba",
  title: "Alibaba Cloud Model Studio",
  isPreset: true,
  defaultBaseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  about: {
    source: "https://www.alibabacloud.com/help/en/model-studio/qwen-api-reference",
    date: "2026-11-22",
    features: ["thinking budgets", "thinking goes on with calls"],
  },
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    embeddings: { embed: at("/embeddings") },
  },
  traits: () => TRAITS,
});
