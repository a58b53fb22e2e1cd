// LM Studio's server of local models.

import { at, chatKind, reasoningEfforts, reasoningTraits } from "../chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k"],
  lacks: ["files", "audio", "n", "logprobs", "named_tool_choice"],
  chat: { efforts: reasoningEfforts("none", "low", "medium", "high") },
});

/** `kind: lm-studio`. */
export const LM_STUDIO = chatKind({
  id: "lm-studio",
  title: "LM Studio",
  isPreset: true,
  defaultBaseUrl: "http://127.0.0.1:1234/v1",
  about: {
    source: "https://lmstudio.ai/docs/developer/openai-compat",
    date: "2026-11-22",
    features: ["local models"],
  },
  needsKey: false,
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    embeddings: { embed: at("/embeddings") },
    "openai-completions": { complete: at("/completions") },
  },
  traits: () => TRAITS,
});
