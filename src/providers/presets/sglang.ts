// SGLang's server.

import { at, chatKind, effortsAs, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k", "prefill"],
  lacks: ["files"],
  traits: { reasoningField: "reasoning_content" },
  chat: {
    efforts: effortsAs(["none", "low", "medium", "high"], (effort) =>
      effort === "none"
        ? { chat_template_kwargs: { enable_thinking: false } }
        : { reasoning_effort: effort },
    ),
    continues: { request: { continue_final_message: true } },
  },
});

/** `kind: sglang`. */
export const SGLANG = chatKind({
  id: "sglang",
  title: "SGLang",
  isPreset: true,
  defaultBaseUrl: "http://127.0.0.1:30000/v1",
  about: {
    source: "https://docs.sglang.ai/basic_usage/openai_api_completions.html",
    date: "2026-11-22",
    features: ["sampling beyond OpenAI's", "structured output by grammar"],
  },
  needsKey: false,
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    embeddings: { embed: at("/embeddings") },
    rerank: { rerank: at("/rerank") },
    "openai-completions": { complete: at("/completions") },
  },
  traits: () => TRAITS,
});
