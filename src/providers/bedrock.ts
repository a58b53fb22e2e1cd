// Amazon Bedrock's runtime (docs.aws.amazon.com/bedrock/latest/APIReference, 2026-11): signed by AWS keys or
// sent with a Bedrock API key.

import { awsDomain } from "#core/aws-domain.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import type { ProviderKind, ProviderSettings } from "./provider.ts";
import { ANTHROPIC_FAMILIES } from "./traits/anthropic.ts";
import { traitsOf } from "./traits/families.ts";

/** Models that are neither Claude nor known any better. */
const TRAITS: ModelTraits = Object.freeze({
  reasoning: "none",
  outputCapField: "max_tokens",
  defaultOutputTokens: 4096,
});

/** The maker's own name: behind region, account and maker, before Amazon's version. */
function claudeName(model: string): string | undefined {
  return /(?:^|[./])anthropic\.(claude[^/]*?)(?:-v\d+(?::\d+\w*)*)?$/.exec(model)?.[1];
}

/** `kind: bedrock`. */
export const BEDROCK = Object.freeze({
  id: "bedrock",
  title: "Amazon Bedrock",
  defaultBaseUrl: undefined,
  baseUrlFor: ({ region }: ProviderSettings) =>
    region === undefined ? undefined : `https://bedrock-runtime.${region}.${awsDomain(region)}`,
  needsKey: true,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  logins: { aws: { service: "bedrock" } },
  settings: { region: { isRequired: "always" } },
  hasDeployments: true,
  headers: {},
  speaks: {
    "bedrock-converse": {
      generate: {
        path: (model, stream) => `/model/${model}/${stream ? "converse-stream" : "converse"}`,
      },
    },
  },
  stateOrigins: ["bedrock-converse"],
  catalogueId: "bedrock",
  transport: "http",
  traits: (model) => {
    const claude = claudeName(model);
    return claude === undefined ? TRAITS : traitsOf(ANTHROPIC_FAMILIES, claude);
  },
} as const satisfies ProviderKind);
