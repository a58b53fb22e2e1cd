// OpenAI's model families: which reason, which take sampling parameters, which have JSON schemas.

import type { ModelTraits } from "#dialects/dialect.ts";
import type { FamilyTable } from "./families.ts";

/** Reasoning models: they reject sampling parameters and the old name of the output cap. */
const REASONING: ModelTraits = {
  sampling: false,
  reasoning: "effort",
  outputCapField: "max_completion_tokens",
  schemaOutput: true,
  imagesInToolResults: false,
  defaultOutputTokens: 4096,
};

/** The first reasoning models, which had neither an effort nor schemas. */
const EARLY_REASONING: ModelTraits = { ...REASONING, reasoning: "none", schemaOutput: false };

/** Models that answer at once. */
const CHAT: ModelTraits = { ...REASONING, sampling: true, reasoning: "none" };

/** Chat models with a web search of their own: no sampling parameters. */
const SEARCH: ModelTraits = { ...CHAT, sampling: false };

/** Models from before structured outputs, and the audio models, which never got them. */
const CHAT_WITHOUT_SCHEMA: ModelTraits = { ...CHAT, schemaOutput: false };

export const OPENAI_FAMILIES: FamilyTable = {
  source: "https://developers.openai.com/api/docs/guides/reasoning and /guides/structured-outputs",
  date: "2026-11-22",
  families: [
    {
      prefixes: ["gpt-3.5", "gpt-35", "gpt-4", "ft:gpt-3.5", "ft:gpt-4", "gpt-audio"],
      traits: CHAT_WITHOUT_SCHEMA,
    },
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
