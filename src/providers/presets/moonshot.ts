// Moonshot's Kimi models. Like DeepSeek it wants thoughts back with calls.

import { chatKind, chatTraits, reasoningTraits, THINKING_SWITCH } from "../chat-kind.ts";
import { type FamilyTable, traitsOf } from "../traits/families.ts";

const LACKS = ["audio", "files", "logit_bias", "logprobs", "seed"] as const;
const FACTS = {
  lacks: LACKS,
  limits: { maxTemperature: 1 },
  traits: { reasoningField: "reasoning_content" },
} as const;
const CHAT = {
  refused: ["metadata", "service_tier", "parallel_tool_calls"],
  reasoningPlaceholder: " ",
};

const FAMILIES: FamilyTable = {
  source: "https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model",
  date: "2026-11-22",
  families: [
    {
      prefixes: ["moonshot-v1"],
      traits: chatTraits({ ...FACTS, lacks: [...LACKS, "reasoning"], traits: {} }),
    },
    {
      // Reason always, and answer a switch with a 400.
      prefixes: ["kimi-k2-thinking", "kimi-k2.7"],
      traits: reasoningTraits({ ...FACTS, lacks: [...LACKS, "reasoning"], chat: CHAT }),
    },
  ],
  newest: reasoningTraits({ ...FACTS, chat: { ...CHAT, efforts: THINKING_SWITCH } }),
};

/** `kind: moonshot`. */
export const MOONSHOT = chatKind({
  id: "moonshot",
  title: "Moonshot AI",
  isPreset: true,
  defaultBaseUrl: "https://api.moonshot.ai/v1",
  about: {
    source: "https://platform.moonshot.ai/docs/api/chat and /docs/guide/use-kimi-k2-thinking-model",
    date: "2026-11-22",
    features: ["reasoning goes back with tool calls"],
  },
  catalogueId: "moonshot",
  traits: (model) => traitsOf(FAMILIES, model),
});
