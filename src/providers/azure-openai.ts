// OpenAI's models on Azure (learn.microsoft.com/azure/ai-foundry/openai, api-version lifecycle and REST
// reference, 2026-11): the v1 API, where the model of the body is a deployment, and the dated one, where
// the deployment stands in the path.

import { keepsReasoning } from "./openai.ts";
import { openaiEmbeddingEdits } from "./openai-embeddings.ts";
import type { Endpoint, ProviderKind, ProviderSettings } from "./provider.ts";
import { embeddingTraits } from "./traits/embeddings.ts";
import { traitsOf } from "./traits/families.ts";
import { OPENAI_FAMILIES } from "./traits/openai.ts";

const DATED = /^\d{4}-/;
/** The first dated version with the Responses API. */
const FIRST_WITH_RESPONSES = "2025-03-01";

/** The query that selects a version of the v1 API; undefined where a dated one is selected. */
function versionedQuery({ api_version: version }: ProviderSettings): string | undefined {
  if (version === undefined || version === "v1") return "";
  return DATED.test(version) ? undefined : `?api-version=${version}`;
}

/** An operation of both APIs; the dated one names the deployment in the path. */
function endpoint(operation: string): Endpoint {
  return {
    path: (model, _stream, settings) => {
      const query = versionedQuery(settings);
      if (query !== undefined) return `/openai/v1/${operation}${query}`;
      return `/openai/deployments/${model}/${operation}?api-version=${settings["api_version"]}`;
    },
  };
}

/** Responses name the deployment in the body in either API. */
function responses(operation: string): Endpoint {
  return {
    serves: (_model, { api_version: version = "v1" }) =>
      !DATED.test(version) || version >= FIRST_WITH_RESPONSES,
    path: (_model, _stream, settings) => {
      const query = versionedQuery(settings);
      if (query !== undefined) return `/openai/v1/${operation}${query}`;
      return `/openai/${operation}?api-version=${settings["api_version"]}`;
    },
  };
}

/** `kind: azure-openai`. */
export const AZURE_OPENAI = Object.freeze({
  id: "azure-openai",
  title: "Azure OpenAI",
  defaultBaseUrl: undefined,
  about: {
    source: "https://learn.microsoft.com/azure/ai-foundry/openai/reference",
    date: "2026-11-22",
    features: ["v1 and dated API", "Entra logins", "content filter results"],
  },
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
    "openai-responses": {
      generate: { ...responses("responses"), losesLeast: keepsReasoning },
    },
    "openai-completions": { complete: endpoint("completions") },
    "openai-media": {
      generate_image: endpoint("images/generations"),
      edit_image: endpoint("images/edits"),
      speak: endpoint("audio/speech"),
      transcribe: endpoint("audio/transcriptions"),
      translate_audio: endpoint("audio/translations"),
    },
    embeddings: { embed: { ...endpoint("embeddings"), bodyEdits: openaiEmbeddingEdits } },
  },
  stateOrigins: ["azure-openai", "openai-chat", "openai-responses"],
  catalogueId: "azure-openai",
  transport: "http",
  traits: (model) => traitsOf(OPENAI_FAMILIES, model),
  embedding: embeddingTraits,
} as const satisfies ProviderKind);
