// OpenRouter: a router of its own behind one chat API. It keeps the state of the vendors behind it in
// `reasoning_details`, and is the one upstream that `models` and `provider` are meant for.

import type { Json, JsonObject } from "#core/json.ts";
import type { BodyEdits } from "#dialects/dialect.ts";
import { chatKind, effortsAs, reasoningTraits } from "./chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k", "prefill", "cache_marks", "video"],
  traits: { reasoningField: "reasoning" },
  chat: {
    efforts: {
      ...effortsAs(["none", "minimal", "low", "medium", "high", "xhigh"], (effort) => ({
        reasoning: { effort },
      })),
      adaptive: { members: { reasoning: { enabled: true } } },
    },
    budget: { path: ["reasoning", "max_tokens"] },
    hiddenReasoning: { reasoning: { exclude: true } },
    hasCacheControl: true,
    hasFileAddresses: true,
    relaysStateOf: ["anthropic-messages", "gemini-generate", "openai-responses"],
    continues: {},
  },
});

/** Wishes of the caller that this upstream understands itself. */
const ROUTING = ["models", "provider"] as const;

/** Leaves in the body what its dialect takes out for every other upstream. */
function keepRouting(body: JsonObject): BodyEdits {
  const kept = new Map<string, Json | undefined>();
  for (const wish of ROUTING) if (body[wish] !== undefined) kept.set(wish, body[wish]);
  return kept;
}

/** `kind: openrouter`. */
export const OPENROUTER = chatKind({
  id: "openrouter",
  title: "OpenRouter",
  defaultBaseUrl: "https://openrouter.ai/api/v1",
  about: {
    source: "https://openrouter.ai/docs/api-reference/chat-completion and /docs/use-cases",
    date: "2026-11-22",
    features: ["`models` and `provider` pass", "reasoning details with state", "cache marks"],
  },
  speaks: {
    "openai-chat": { generate: { path: () => "/chat/completions", bodyEdits: keepRouting } },
    "openai-responses": { generate: { path: () => "/responses", bodyEdits: keepRouting } },
    embeddings: { embed: { path: () => "/embeddings" } },
    rerank: { rerank: { path: () => "/rerank" } },
    "openai-completions": { complete: { path: () => "/completions" } },
  },
  isRouter: true,
  catalogueId: "openrouter",
  traits: () => TRAITS,
});
