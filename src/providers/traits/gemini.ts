// Gemini's model families: budget, level or no thinking, and images in function responses.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import type { FamilyTable } from "./families.ts";

/** Gemini 3 and later: a thinking level, and multimodal function responses. */
const LEVEL: ModelTraits = {
  reasoning: "level",
  outputCapField: "max_tokens",
  defaultOutputTokens: 8192,
  features: all("none", "logit_bias", "parallel_tool_calls", "cache_marks"),
  limits: {
    maxTemperature: 2,
    stopSequences: 5,
    imageTypes: ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"],
  },
};

/** Gemini 2.5: a thinking budget in tokens. */
const BUDGET: ModelTraits = {
  ...LEVEL,
  reasoning: "budget",
  features: { ...LEVEL.features, ...all("none", "images_in_tool_results", "media_urls") },
};

/** Gemini 1.5 and 2.0, and what makes pictures and speech: no thinking. */
const PLAIN: ModelTraits = {
  ...BUDGET,
  reasoning: "none",
  features: { ...BUDGET.features, ...all("none", "reasoning") },
};

/** Open-weight models behind the same API, and the first Gemini: no schemas and no JSON mode either. */
const WITHOUT_SCHEMA: ModelTraits = {
  ...PLAIN,
  features: { ...PLAIN.features, ...all("emulated", "json_schema", "json_mode") },
};

/** Gemma up to 3, which has no function calling there. */
const WITHOUT_TOOLS: ModelTraits = {
  ...WITHOUT_SCHEMA,
  features: { ...WITHOUT_SCHEMA.features, ...all("none", "tools") },
};

export const GEMINI_FAMILIES: FamilyTable = {
  source: "https://ai.google.dev/gemini-api/docs/thinking and /docs/function-calling",
  date: "2026-11-22",
  families: [
    { prefixes: ["gemma", "gemini-1.0", "gemini-pro"], traits: WITHOUT_SCHEMA },
    { prefixes: ["gemma-1", "gemma-2", "gemma-3"], traits: WITHOUT_TOOLS },
    { prefixes: ["gemini-1.5", "gemini-2.0", "gemini-flash-1.5", "gemini-pro-1.5"], traits: PLAIN },
    { prefixes: ["gemini-2.5"], traits: BUDGET },
    {
      prefixes: ["gemini-2.5-flash-image", "gemini-2.5-flash-tts", "gemini-2.5-pro-tts"],
      traits: PLAIN,
    },
    { prefixes: ["gemini-2.5-flash-preview-tts", "gemini-2.5-pro-preview-tts"], traits: PLAIN },
    { prefixes: ["gemini-3", "gemini-flash-latest", "gemini-pro-latest"], traits: LEVEL },
  ],
  newest: LEVEL,
};
