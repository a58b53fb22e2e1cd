// OpenAI's models on Azure (learn.microsoft.com/azure/ai-foundry/openai, api-version lifecycle and REST
// reference, 2026-11): the v1 API, where the model of the body is a deployment, and the dated one, where
// the deployment stands in the path.

import { openaiEmbeddingEdits } from "./openai-embeddings.ts";
import type { Endpoint, ProviderKind, ProviderSettings } from "./provider.ts";
import { traitsOf } from "./traits/families.ts";
import { OPENAI_FAMILIES } from "./traits/openai.ts";

const DATED = /^\d{4}-/;

/** An operation of both APIs. */
function endpoint(operation: string): Endpoint {
  return {
    path: (model, _stream, settings) => {
      const { api_version: version } = settings;
      if (version === undefined || version === "v1") return `/openai/v1/${operation}`;
      const query = `?api-version=${version}`;
      if (!DATED.test(version)) return `/openai/v1/${operation}${query}`;
      return `/openai/deployments/${model}/${operation}${query}`;
    },
  };
}

/** `kind: azure-openai`. */
export const AZURE_OPENAI = Object.freeze({
  id: "azure-openai",
  title: "Azure OpenAI",
  defaultBaseUrl: undefined,
  baseUrlEnds: ["/openai/v1", "/openai"],
  baseUrlFor: ({ resource }: ProviderSettings) =>
    resource === undefined ? undefined : `https://${resource}.openai.azure.com`,
  needsKey: true,
  keyHeader: { name: "api-key", prefix: "" },
  logins: { entra: { scope: "https://cognitiveservices.azure.com/.default" } },
  settings: { resource: {}, api_version: {} },
  hasOwnNames: true,
  hasDeployments: true,
  headers: {},
  speaks: {
    "openai-chat": { generate: endpoint("chat/completions") },
    embeddings: { embed: { ...endpoint("embeddings"), bodyEdits: openaiEmbeddingEdits } },
  },
  stateOrigins: ["azure-openai", "openai-chat"],
  catalogueId: "azure-openai",
  transport: "http",
  traits: (model) => traitsOf(OPENAI_FAMILIES, model),
} as const satisfies ProviderKind);
