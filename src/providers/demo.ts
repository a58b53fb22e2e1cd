// The demo provider: answered in this process, so that everything can be seen without an account.

import { all } from "#core/features.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import type { ProviderKind } from "./provider.ts";

const TRAITS: ModelTraits = Object.freeze({
  reasoning: "none",
  outputCapField: "max_tokens",
  defaultOutputTokens: 4096,
  features: all("emulated", "images_in_tool_results"),
});

/** `kind: demo`. The models stand in `demo/models.ts`. */
export const DEMO = Object.freeze({
  id: "demo",
  title: "Demo",
  // A name that no resolver may answer (RFC 2606): if it ever left the process it would reach nobody.
  defaultBaseUrl: "http://demo.invalid/v1",
  needsKey: false,
  keyHeader: { name: "authorization", prefix: "Bearer " },
  headers: {},
  speaks: {
    "openai-chat": { generate: { path: () => "/chat/completions" } },
    embeddings: { embed: { path: () => "/embeddings" } },
  },
  stateOrigins: [],
  catalogueId: "demo",
  transport: "demo",
  traits: () => TRAITS,
} as const satisfies ProviderKind);
