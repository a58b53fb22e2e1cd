// OpenAI's model families: which reason, which take sampling parameters, which have JSON schemas.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import type { FamilyTable } from "./families.ts";

/** What chat models of OpenAI have in common. */
const COMMON = {
  ...all("none", "top_k", "video", "cache_marks"),
  ...all("emulated", "images_in_tool_results", "prefill"),
  ...all("native", "json_mode"),
};
const SAMPLING = all(
  "none",
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "logit_bias",
);

/** Models that answer at once. */
const CHAT: ModelTraits = {
  reasoning: "none",
  outputCapField: "max_completion_tokens",
  defaultOutputTokens: 4096,
  features: { ...COMMON, ...all("none", "reasoning") },
  limits: {
    stopSequences: 4,
    maxTemperature: 2,
    tools: 128,
    imageTypes: ["image/png", "image/jpeg", "image/gif", "image/webp"],
  },
};

/** Reasoning models: they reject sampling parameters, stop sequences and the old name of the output cap. */
const REASONING: ModelTraits = {
  ...CHAT,
  reasoning: "effort",
  features: { ...COMMON, ...SAMPLING, ...all("none", "stop", "logprobs", "audio") },
};

/** The first reasoning models, which had neither an effort nor schemas, tools or instructions. */
const EARLY_REASONING: ModelTraits = {
  ...REASONING,
  reasoning: "none",
  features: {
    ...REASONING.features,
    ...all("none", "reasoning", "tools", "images", "files"),
    ...all("emulated", "json_schema", "json_mode"),
  },
};

/** Chat models with a web search of their own: no sampling parameters. */
const SEARCH: ModelTraits = { ...CHAT, features: { ...CHAT.features, ...SAMPLING } };

/** Models from before structured outputs, and the audio models, which never got them. */
const CHAT_WITHOUT_SCHEMA: ModelTraits = {
  ...CHAT,
  features: { ...CHAT.features, ...all("emulated", "json_schema") },
};

/** Models that see no images. */
const BLIND_WITHOUT_SCHEMA: ModelTraits = {
  ...CHAT_WITHOUT_SCHEMA,
  features: { ...CHAT_WITHOUT_SCHEMA.features, ...all("none", "images", "files", "audio") },
};

/** GPT-4 before Turbo, which has no JSON mode either. */
const FIRST_GPT_4: ModelTraits = {
  ...BLIND_WITHOUT_SCHEMA,
  features: { ...BLIND_WITHOUT_SCHEMA.features, ...all("emulated", "json_mode") },
};

export const OPENAI_FAMILIES: FamilyTable = {
  source: "https://developers.openai.com/api/docs/guides/reasoning and /guides/structured-outputs",
  date: "2026-11-22",
  families: [
    { names: ["gpt-4"], prefixes: ["gpt-4-0613", "gpt-4-0314", "gpt-4-32k"], traits: FIRST_GPT_4 },
    { prefixes: ["gpt-3.5", "gpt-35", "ft:gpt-3.5"], traits: BLIND_WITHOUT_SCHEMA },
    { prefixes: ["gpt-4", "ft:gpt-4", "gpt-audio"], traits: CHAT_WITHOUT_SCHEMA },
    {
      prefixes: ["gpt-4o-2024-05-13", "gpt-4o-audio", "gpt-4o-mini-audio", "chatgpt-4o"],
      traits: CHAT_WITHOUT_SCHEMA,
    },
    {
      prefixes: ["gpt-4o", "gpt-4.1", "gpt-4.5", "ft:gpt-4o", "ft:gpt-4.1", "gpt-5-chat"],
      traits: CHAT,
    },
    { prefixes: ["gpt-4o-search", "gpt-4o-mini-search"], traits: SEARCH },
    { prefixes: ["o1-mini", "o1-preview"], traits: EARLY_REASONING },
    { prefixes: ["o1", "o3", "o4", "gpt-5", "gpt-6"], traits: REASONING },
  ],
  newest: REASONING,
};
