// Claude families: how thinking is asked for, who rejects sampling parameters, who has JSON schemas.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import type { FamilyTable } from "./families.ts";

/** What no model of Anthropic has. */
const LACKING = {
  ...all("none", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "n", "logprobs"),
  ...all("none", "audio", "video"),
  ...all("emulated", "json_mode", "allowed_tools"),
};

/** Opus 4.6 and Sonnet 4.6: adaptive thinking, no prefill, sampling parameters still taken. */
const ADAPTIVE: ModelTraits = {
  reasoning: "adaptive",
  outputCapField: "max_tokens",
  defaultOutputTokens: 32_000,
  features: { ...LACKING, ...all("emulated", "prefill") },
  limits: {
    maxTemperature: 1,
    minThinkingTokens: 1024,
    imageBase64Bytes: 5_242_880,
    imageTypes: ["image/png", "image/jpeg", "image/gif", "image/webp"],
  },
};

/** Since Opus 4.7: thinking is adaptive only, and temperature, top_p and top_k are rejected. */
const ADAPTIVE_ONLY: ModelTraits = {
  ...ADAPTIVE,
  features: { ...ADAPTIVE.features, ...all("none", "temperature", "top_p", "top_k") },
};

/** The 4.5 generation: thinking by budget, first with native schemas. */
const BUDGET: ModelTraits = { ...ADAPTIVE, reasoning: "budget", features: LACKING };

/** Sonnet 3.7 to Opus 4.1: thinking by budget, schemas only through a forced tool. */
const BUDGET_WITHOUT_SCHEMA: ModelTraits = {
  ...BUDGET,
  features: { ...LACKING, ...all("emulated", "json_schema"), ...all("none", "strict_tools") },
};

/** Before thinking. The output cap may not exceed what the model can write. */
const PLAIN_3_5: ModelTraits = {
  ...BUDGET_WITHOUT_SCHEMA,
  reasoning: "none",
  features: { ...BUDGET_WITHOUT_SCHEMA.features, ...all("none", "reasoning") },
  defaultOutputTokens: 8192,
  limits: { ...BUDGET.limits, maxOutputTokens: 8192 },
};
const PLAIN_3: ModelTraits = {
  ...PLAIN_3_5,
  defaultOutputTokens: 4096,
  limits: { ...BUDGET.limits, maxOutputTokens: 4096 },
};
/** Before tools and images. */
const PLAIN_2: ModelTraits = {
  ...PLAIN_3,
  features: {
    ...PLAIN_3.features,
    ...all("none", "tools", "images", "files", "images_in_tool_results"),
  },
};

export const ANTHROPIC_FAMILIES: FamilyTable = {
  source:
    "https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking, /extended-thinking and /structured-outputs",
  date: "2026-11-22",
  families: [
    { prefixes: ["claude-v1", "claude-2", "claude-instant"], traits: PLAIN_2 },
    { prefixes: ["claude-3-opus", "claude-3-sonnet", "claude-3-haiku"], traits: PLAIN_3 },
    { prefixes: ["claude-3-5", "claude-3.5"], traits: PLAIN_3_5 },
    {
      prefixes: ["claude-3-7", "claude-3.7", "claude-sonnet-3-7", "claude-sonnet-3.7"],
      traits: BUDGET_WITHOUT_SCHEMA,
    },
    {
      names: ["claude-opus-4", "claude-sonnet-4"],
      prefixes: ["claude-opus-4-0", "claude-opus-4-2025", "claude-opus-4@", "claude-4-opus"],
      traits: BUDGET_WITHOUT_SCHEMA,
    },
    {
      prefixes: [
        "claude-sonnet-4-0",
        "claude-sonnet-4-2025",
        "claude-sonnet-4@",
        "claude-4-sonnet",
      ],
      traits: BUDGET_WITHOUT_SCHEMA,
    },
    { prefixes: ["claude-opus-4-1", "claude-opus-4.1"], traits: BUDGET_WITHOUT_SCHEMA },
    {
      prefixes: ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-4-5"],
      traits: BUDGET,
    },
    {
      prefixes: ["claude-opus-4.5", "claude-sonnet-4.5", "claude-haiku-4.5", "claude-4.5"],
      traits: BUDGET,
    },
    {
      prefixes: ["claude-opus-4-6", "claude-sonnet-4-6", "claude-4-6"],
      traits: ADAPTIVE,
    },
    {
      prefixes: ["claude-opus-4.6", "claude-sonnet-4.6", "claude-4.6"],
      traits: ADAPTIVE,
    },
  ],
  newest: ADAPTIVE_ONLY,
};
