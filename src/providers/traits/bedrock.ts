// What the models on Bedrock can do, by maker and family. Names stand behind region and maker
// (`eu.anthropic.claude-…`, `arn:…/amazon.nova-…`); Amazon's version follows them.

import type { Feature, Support } from "#core/features.ts";
import { all, withCapabilities } from "#core/features.ts";
import { CALL_IDS_OF_9 } from "#dialects/adapt/name-rules.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import { ANTHROPIC_FAMILIES } from "./anthropic.ts";
import { type FamilyTable, traitsOf } from "./families.ts";

/** What Converse has no field for, whatever the model. */
const LACKING = {
  ...all("none", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "n", "logprobs"),
  ...all("emulated", "json_mode", "allowed_tools"),
};

const UNKNOWN: ModelTraits = {
  reasoning: "none",
  outputCapField: "max_tokens",
  defaultOutputTokens: 4096,
  features: LACKING,
  limits: { maxTemperature: 1 },
};

function family(name: string, more: Partial<ModelTraits> = {}): ModelTraits {
  const features: Partial<Record<Feature, Support>> = { ...LACKING, ...more.features };
  return { ...UNKNOWN, family: name, ...more, features };
}

const NOVA = family("nova", {
  features: { ...all("none", "strict_tools"), ...all("emulated", "json_schema") },
});
const NOVA_2 = family("nova", { ...NOVA, reasoning: "effort" });
/** Prompt caching and a named tool are there for Claude and Nova, strict tools for Claude alone. */
const PLAIN = {
  ...all("none", "cache_marks", "strict_tools"),
  ...all("emulated", "named_tool_choice"),
};

/** What Amazon says otherwise than Anthropic does. */
const CLAUDE = all("none", "media_urls");
/** Amazon checks these after a schema of its own that knows neither yet (AI SDK 5.0, 2026-11). */
const NEW_CLAUDE = { ...CLAUDE, ...all("none", "strict_tools"), ...all("emulated", "json_schema") };
const NEW_CLAUDES = /^claude-(?:opus-4-[78]|opus-5|sonnet-5|fable-5)/;

const FAMILIES: FamilyTable = {
  source:
    "https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html and /nova/latest/nova2-userguide/extended-thinking.html",
  date: "2026-11-22",
  families: [
    { prefixes: ["amazon.nova"], traits: NOVA },
    { prefixes: ["amazon.nova-2"], traits: NOVA_2 },
    {
      prefixes: ["amazon.nova-micro"],
      traits: family("nova", {
        features: {
          ...NOVA.features,
          ...all("none", "images", "files", "video", "images_in_tool_results"),
        },
      }),
    },
    {
      prefixes: ["openai.gpt-oss"],
      traits: family("gpt", {
        reasoning: "effort",
        features: { ...PLAIN, ...all("none", "stop", "images", "video") },
      }),
    },
    {
      prefixes: ["mistral."],
      traits: family("mixtral", {
        features: PLAIN,
        accepts: { callIds: CALL_IDS_OF_9 },
      }),
    },
    { prefixes: ["cohere."], traits: family("command", { features: PLAIN }) },
    {
      prefixes: ["qwen."],
      traits: family("qwen", { reasoning: "effort", features: PLAIN }),
    },
    { prefixes: ["meta."], traits: family("llama", { features: PLAIN }) },
    { prefixes: ["deepseek.", "ai21."], traits: family("other", { features: PLAIN }) },
  ],
  newest: UNKNOWN,
};

/** The maker's own name of a Claude model: behind region, account and maker, before Amazon's version. */
export function claudeName(model: string): string | undefined {
  return /(?:^|[./])anthropic\.(claude[^/]*?)(?:-v\d+(?::\d+\w*)*)?$/.exec(model)?.[1];
}

/** Traits of a model by its name, or by the name at the end of an inference profile's. */
export function bedrockTraits(model: string): ModelTraits {
  const claude = claudeName(model);
  if (claude !== undefined) {
    const own = { ...traitsOf(ANTHROPIC_FAMILIES, claude), family: "claude" };
    return withCapabilities(own, { features: NEW_CLAUDES.test(claude) ? NEW_CLAUDE : CLAUDE });
  }
  return traitsOf(FAMILIES, withoutRegion(model.toLowerCase()));
}

/** The model behind a profile of regions, which may stand in a path: `eu.amazon.nova-lite-v1:0`. */
export function withoutRegion(model: string): string {
  return model.replace(/^(?:.*(?:\/|%2F))?(?:[a-z-]{2,8}\.)?(?=[a-z0-9]+\.)/, "");
}
