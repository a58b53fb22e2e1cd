// xAI's Grok models. Reasoning tokens stand outside the completion's in its counters.

import { at, chatKind, chatTraits, reasoningEfforts, reasoningTraits } from "./chat-kind.ts";
import { type FamilyTable, traitsOf } from "./traits/families.ts";

const LACKS = ["logit_bias", "audio", "files"] as const;
/** Reasoning models answer these with a 400. */
const NOT_WHILE_REASONING = ["presence_penalty", "frequency_penalty", "stop"] as const;
const CHAT = { refused: ["metadata"], serviceTiers: { default: "default", priority: "priority" } };
const LIMITS = { maxTemperature: 2, stopSequences: 4 };

/** Reasons always, and cannot be asked how much. */
const REASONS_ALWAYS = reasoningTraits({
  lacks: [...LACKS, ...NOT_WHILE_REASONING, "reasoning"],
  limits: LIMITS,
  traits: { outputCapField: "max_completion_tokens" },
  chat: CHAT,
});
const PLAIN = chatTraits({ lacks: [...LACKS, "reasoning"], limits: LIMITS, chat: CHAT });

const FAMILIES: FamilyTable = {
  source: "https://docs.x.ai/docs/guides/reasoning and /docs/api-reference",
  date: "2026-11-22",
  families: [
    { prefixes: ["grok-2", "grok-3", "grok-beta", "grok-vision"], traits: PLAIN },
    {
      prefixes: ["grok-3-mini"],
      traits: reasoningTraits({
        lacks: [...LACKS, ...NOT_WHILE_REASONING],
        limits: LIMITS,
        chat: { ...CHAT, efforts: reasoningEfforts("low", "high") },
      }),
    },
    { prefixes: ["grok-4", "grok-code"], traits: REASONS_ALWAYS },
    {
      names: [
        "grok-4-fast-non-reasoning",
        "grok-4-1-fast-non-reasoning",
        "grok-4-0709-non-reasoning",
      ],
      prefixes: [],
      traits: PLAIN,
    },
  ],
  newest: reasoningTraits({
    lacks: [...LACKS, ...NOT_WHILE_REASONING],
    limits: LIMITS,
    traits: { outputCapField: "max_completion_tokens" },
    chat: { ...CHAT, efforts: reasoningEfforts("none", "low", "medium", "high") },
  }),
};

/** `kind: xai`. */
export const XAI = chatKind({
  id: "xai",
  title: "xAI",
  defaultBaseUrl: "https://api.x.ai/v1",
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    "openai-media": { generate_image: at("/images/generations") },
  },
  about: {
    source: FAMILIES.source,
    date: FAMILIES.date,
    features: ["reasoning counted beside the completion", "citations as a list of addresses"],
  },
  catalogueId: "xai",
  traits: (model) => traitsOf(FAMILIES, model),
});
