// Google Cloud's Vertex AI: Gemini, Claude, and the open models behind its chat endpoint
// (cloud.google.com/vertex-ai/generative-ai/docs, 2026-11).

import { all, withCapabilities } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { BodyEdits } from "#dialects/dialect.ts";
import { vertexVerb } from "#dialects/vertex-embeddings/request.ts";
import type { ProviderKind, ProviderSettings } from "./provider.ts";
import { embeddingTraits } from "./traits/embeddings.ts";
import { traitsOf } from "./traits/families.ts";
import { GEMINI_FAMILIES } from "./traits/gemini.ts";
import {
  claudeSurcharge,
  claudeTraits,
  countEdits,
  countHeaders,
  faultDialect,
  generateEdits,
  generateHeaders,
  isClaude,
} from "./vertex-claude.ts";

/** Express mode, which has no project, reaches Google's own models alone. */
function isReached(isMeant: (model: string) => boolean) {
  return (model: string, { project }: ProviderSettings) => project !== undefined && isMeant(model);
}

/** `publisher/model`: served by the endpoint that imitates OpenAI. */
function isOpenModel(model: string): boolean {
  return model.includes("/");
}

function isGemini(model: string): boolean {
  return !isClaude(model) && !isOpenModel(model);
}

/** Where models live; without a project it is the express mode, which a plain key belongs to. */
function place(version: string, { project, location }: ProviderSettings): string {
  if (project === undefined) return `/${version}`;
  return `/${version}/projects/${project}/locations/${location}`;
}

function gemini(model: string, verb: string, settings: ProviderSettings): string {
  return `${place("v1beta1", settings)}/publishers/google/models/${model}:${verb}`;
}

/** Versions are written behind an `@`, which may stand in a path as it is. */
function claude(model: string, verb: string, settings: ProviderSettings): string {
  const name = model.replaceAll("%40", "@");
  return `${place("v1", settings)}/publishers/anthropic/models/${name}:${verb}`;
}

/** Google's other API counts a request that is wrapped; this one takes its members bare. */
function unwrapped(body: JsonObject): BodyEdits {
  const name = body["generate_content_request"] === undefined ? CAMEL : SNAKE;
  const request = asObject(body[name]);
  if (request === undefined) return new Map();
  const { model: _model, ...members } = request;
  return new Map([[name, undefined], ...Object.entries(members)]);
}

const CAMEL = "generateContentRequest";
const SNAKE = "generate_content_request";

/** Global, multi-region and regional addresses. */
function hostOf(location: string): string {
  if (location === "global") return "aiplatform.googleapis.com";
  if (location === "us" || location === "eu") return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}

/** `kind: vertex`. */
export const VERTEX = Object.freeze({
  id: "vertex",
  title: "Google Vertex AI",
  defaultBaseUrl: undefined,
  about: {
    source: "https://cloud.google.com/vertex-ai/docs/reference/rest",
    date: "2026-11-22",
    features: ["service accounts", "Claude beside Gemini", "labels"],
  },
  baseUrlEnds: ["/v1", "/v1beta1"],
  baseUrlFor: ({ location = "global" }: ProviderSettings) => `https://${hostOf(location)}`,
  needsKey: true,
  keyHeader: { name: "x-goog-api-key", prefix: "" },
  logins: { google: { scope: "https://www.googleapis.com/auth/cloud-platform" } },
  settings: { project: { isRequired: "login" }, location: { fallback: "global" } },
  hasDeployments: true,
  surchargePercent: (model: string, { location }: ProviderSettings) =>
    claudeSurcharge(model, location),
  headers: {},
  speaks: {
    "gemini-generate": {
      generate: {
        serves: isGemini,
        path: (model, stream, settings) =>
          gemini(model, stream ? "streamGenerateContent?alt=sse" : "generateContent", settings),
      },
      count_tokens: {
        serves: isGemini,
        path: (model, _stream, settings) => gemini(model, "countTokens", settings),
        bodyEdits: unwrapped,
      },
    },
    "anthropic-messages": {
      generate: {
        serves: isReached(isClaude),
        path: (model, stream, settings) =>
          claude(model, stream ? "streamRawPredict" : "rawPredict", settings),
        bodyEdits: generateEdits,
        headers: generateHeaders,
        faultsIn: faultDialect,
      },
      count_tokens: {
        serves: isReached(isClaude),
        path: (_model, _stream, settings) => claude("count-tokens", "rawPredict", settings),
        bodyEdits: countEdits,
        headers: countHeaders,
        faultsIn: faultDialect,
      },
    },
    "vertex-embeddings": {
      embed: {
        serves: isGemini,
        path: (model, _stream, settings) =>
          gemini(model, vertexVerb(decodeURIComponent(model)), settings),
      },
    },
    "openai-chat": {
      generate: {
        serves: isReached(isOpenModel),
        path: (_model, _stream, settings) =>
          `${place("v1", settings)}/endpoints/openapi/chat/completions`,
      },
    },
  },
  embedding: embeddingTraits,
  stateOrigins: ["gemini-generate", "anthropic-messages"],
  catalogueId: "vertex",
  transport: "http",
  // Vertex fetches addresses for every model (recorded with gemini-2.0-flash, 2026).
  traits: (model) =>
    isClaude(model)
      ? claudeTraits(model)
      : withCapabilities(traitsOf(GEMINI_FAMILIES, model), {
          features: all("native", "media_urls"),
        }),
} as const satisfies ProviderKind);
