// vLLM's own server, wherever it runs.

import { chatKind, reasoningTraits } from "./chat-kind.ts";

const TRAITS = reasoningTraits({
  has: ["top_k", "prefill"],
  traits: { reasoningField: "reasoning" },
  chat: {
    efforts: {
      // Templates that think have a switch of one of these names, and ignore the other.
      none: { members: { chat_template_kwargs: { enable_thinking: false, thinking: false } } },
      adaptive: { members: { chat_template_kwargs: { enable_thinking: true, thinking: true } } },
      minimal: { members: { reasoning_effort: "low" }, isNearest: true },
      low: { members: { reasoning_effort: "low" } },
      medium: { members: { reasoning_effort: "medium" } },
      high: { members: { reasoning_effort: "high" } },
      xhigh: { members: { reasoning_effort: "high" }, isNearest: true },
      max: { members: { reasoning_effort: "high" }, isNearest: true },
    },
    hiddenReasoning: { include_reasoning: false },
    continues: { request: { continue_final_message: true, add_generation_prompt: false } },
  },
});

/** `kind: vllm`. */
export const VLLM = chatKind({
  id: "vllm",
  title: "vLLM",
  defaultBaseUrl: "http://127.0.0.1:8000/v1",
  needsKey: false,
  about: {
    source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    date: "2026-11-22",
    features: ["sampling beyond OpenAI's", "structured output by grammar", "answers that go on"],
  },
  speaks: {
    "openai-chat": { generate: { path: () => "/chat/completions" } },
    embeddings: { embed: { path: () => "/embeddings" } },
    rerank: { rerank: { path: () => "/rerank" } },
    "openai-completions": { complete: { path: () => "/completions" } },
    "openai-media": {
      transcribe: { path: () => "/audio/transcriptions" },
      translate_audio: { path: () => "/audio/translations" },
    },
  },
  traits: () => TRAITS,
});
