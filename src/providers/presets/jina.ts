// Jina AI: vectors and reranking, no chat.

import { at, chatKind, chatTraits } from "../chat-kind.ts";
import { embeddingTraits } from "../traits/embeddings.ts";

const TRAITS = chatTraits();

/** `kind: jina`. */
export const JINA = chatKind({
  id: "jina",
  title: "Jina AI",
  isPreset: true,
  defaultBaseUrl: "https://api.jina.ai/v1",
  about: {
    source: "https://api.jina.ai/docs",
    date: "2026-11-22",
    features: ["embeddings and reranking"],
  },
  speaks: {
    "jina-embeddings": { embed: at("/embeddings") },
    rerank: { rerank: at("/rerank") },
  },
  embedding: embeddingTraits,
  traits: () => TRAITS,
});
