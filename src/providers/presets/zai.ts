// Z.ai's GLM models.

import { chatKind, reasoningTraits, THINKING_SWITCH } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  lacks: ["logit_bias", "logprobs", "n", "presence_penalty", "frequency_penalty", "audio", "seed"],
  emulates: ["json_schema"],
  limits: { stopSequences: 1, maxTemperature: 1, tools: 128 },
  traits: { reasoningField: "reasoning_content" },
  chat: {
    refused: ["user", "metadata", "service_tier", "parallel_tool_calls"],
    efforts: THINKING_SWITCH,
  },
});

/** `kind: zai`. */
export const ZAI = chatKind({
  id: "zai",
  title: "Z.ai",
  isPreset: true,
  defaultBaseUrl: "https://api.z.ai/api/paas/v4",
  about: {
    source: "https://docs.z.ai/api-reference/llm/chat-completion and /guides/capabilities/thinking",
    date: "2026-11-22",
    features: ["thinking that is kept between turns"],
  },
  catalogueId: "zai",
  traits: () => TRAITS,
});
