// Anthropic's own API.

import type { ProviderKind } from "./provider.ts";
import { ANTHROPIC_FAMILIES } from "./traits/anthropic.ts";
import { traitsOf } from "./traits/families.ts";

/** `kind: anthropic`. */
export const ANTHROPIC = Object.freeze({
  id: "anthropic",
  title: "Anthropic",
  defaultBaseUrl: "https://api.anthropic.com",
  baseUrlEnds: ["/v1"],
  about: {
    source: "https://platform.claude.com/docs/en/api",
    date: "2026-11-22",
    features: ["signed thinking", "cache marks", "hosted tools"],
  },
  needsKey: true,
  keyHeader: { name: "x-api-key", prefix: "" },
  headers: { "anthropic-version": "2023-06-01" },
  speaks: {
    "anthropic-messages": {
      generate: { path: () => "/v1/messages" },
      count_tokens: { path: () => "/v1/messages/count_tokens" },
    },
  },
  stateOrigins: ["anthropic", "anthropic-messages"],
  catalogueId: "anthropic",
  transport: "http",
  traits: (model) => traitsOf(ANTHROPIC_FAMILIES, model),
} as const satisfies ProviderKind);
