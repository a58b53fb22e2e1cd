// The server of llama.cpp. Its usual port is Sluice's own, so the address must be given.

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
    continues: {},
  },
});

/** `kind: llama.cpp`. */
export const LLAMA_CPP = chatKind({
  id: "llama.cpp",
  title: "llama.cpp",
  isPreset: true,
  defaultBaseUrl: undefined,
  about: {
    source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
    date: "2026-11-22",
    features: ["grammars", "answers that go on"],
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
