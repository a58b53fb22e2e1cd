// Amazon Bedrock's other endpoint, which speaks the APIs of the models' makers over server-sent events
// (docs.aws.amazon.com/bedrock, bedrock-mantle; openai-node 7.57 src/internal/bedrock.ts; 2026-11).

import { keepsReasoning } from "./openai.ts";
import type { ProviderKind, ProviderSettings } from "./provider.ts";
import { ANTHROPIC_FAMILIES } from "./traits/anthropic.ts";
import { claudeName } from "./traits/bedrock.ts";
import { traitsOf } from "./traits/families.ts";
import { OPENAI_FAMILIES } from "./traits/openai.ts";

function isClaude(model: string): boolean {
  return claudeName(model) !== undefined;
}

function isOther(model: string): boolean {
  return !isClaude(model);
}

/** OpenAI's name of a model: behind region and maker. */
function openaiName(model: string): string {
  return model.replace(/^(?:[a-z-]+\.)?openai\./, "");
}

/** `kind: bedrock-mantle`. */
export const BEDROCK_MANTLE = Object.freeze({
  id: "bedrock-mantle",
  title: "Amazon Bedrock (Mantle)",
  defaultBaseUrl: undefined,
  about: {
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
    date: "2026-11-22",
    features: ["AWS logins", "OpenAI's and Anthropic's own APIs"],
  },
  baseUrlEnds: ["/openai/v1", "/anthropic", "/v1"],
  baseUrlFor: ({ region }: ProviderSettings) =>
    region === undefined ? undefined : `https://bedrock-mantle.${region}.api.aws`,
  needsKey: true,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  logins: { aws: { service: "bedrock-mantle" } },
  settings: { region: { isRequired: "always" } },
  hasDeployments: true,
  headers: {},
  speaks: {
    "openai-chat": {
      generate: { serves: isOther, path: () => "/openai/v1/chat/completions" },
    },
    "openai-responses": {
      generate: {
        serves: isOther,
        path: () => "/openai/v1/responses",
        losesLeast: (model, call) => keepsReasoning(openaiName(model), call),
      },
    },
    "anthropic-messages": {
      generate: { serves: isClaude, path: () => "/anthropic/v1/messages" },
    },
  },
  stateOrigins: ["openai-chat", "openai-responses", "anthropic-messages"],
  catalogueId: "bedrock",
  transport: "http",
  traits: (model) => {
    const claude = claudeName(model);
    if (claude !== undefined) return traitsOf(ANTHROPIC_FAMILIES, claude);
    return traitsOf(OPENAI_FAMILIES, openaiName(model));
  },
} as const satisfies ProviderKind);
