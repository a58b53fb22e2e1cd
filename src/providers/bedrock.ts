// Amazon Bedrock's runtime (docs.aws.amazon.com/bedrock/latest/APIReference, 2026-11): signed by AWS keys or
// sent with a Bedrock API key.

import { awsDomain } from "#core/aws-domain.ts";
import { isEmbeddingModel } from "#dialects/bedrock-embeddings/families.ts";
import { CLAUDE_ON_BEDROCK } from "./bedrock-claude.ts";
import type { ProviderKind, ProviderSettings } from "./provider.ts";
import { bedrockTraits, claudeName, withoutRegion } from "./traits/bedrock.ts";
import { embeddingTraits } from "./traits/embeddings.ts";

/** `kind: bedrock`. */
export const BEDROCK = Object.freeze({
  id: "bedrock",
  title: "Amazon Bedrock",
  defaultBaseUrl: undefined,
  about: {
    source: "https://docs.aws.amazon.com/bedrock/latest/APIReference",
    date: "2026-11-22",
    features: ["AWS logins", "Claude by invoke", "cache points"],
  },
  baseUrlFor: ({ region }: ProviderSettings) =>
    region === undefined ? undefined : `https://bedrock-runtime.${region}.${awsDomain(region)}`,
  needsKey: true,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  logins: { aws: { service: "bedrock" } },
  settings: { region: { isRequired: "always" } },
  hasDeployments: true,
  headers: {},
  speaks: {
    "bedrock-embeddings": {
      embed: { serves: isEmbeddingModel, path: (model) => `/model/${model}/invoke` },
    },
    "bedrock-converse": {
      generate: {
        path: (model, stream) => `/model/${model}/${stream ? "converse-stream" : "converse"}`,
      },
      // Only for models themselves, not for the profiles that spread calls over regions.
      count_tokens: {
        serves: (model) => claudeName(model) !== undefined,
        path: (model) => `/model/${withoutRegion(model)}/count-tokens`,
      },
    },
    "anthropic-messages": { generate: CLAUDE_ON_BEDROCK },
  },
  embedding: embeddingTraits,
  stateOrigins: ["bedrock-converse"],
  catalogueId: "bedrock",
  transport: "http",
  traits: bedrockTraits,
} as const satisfies ProviderKind);
