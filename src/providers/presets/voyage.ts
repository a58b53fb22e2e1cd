// Voyage AI: vectors and reranking, no chat.

import { at, chatKind, chatTraits } from "../chat-kind.ts";
import { embeddingTraits } from "../traits/embeddings.ts";

const TRAITS = chatTraits();

/** `kind: voyage`. */
export const VOYAGE = chatKind({
  id: "voyage",
  title: "Voyage AI",
  isPreset: true,
  catalogueId: "voyage",
  defaultBaseUrl: "https://api.voyageai.com/v1",
  about: {
    source: "https://docs.voyageai.com/reference/embeddings-api",
    date: "2026-11-22",
    features: ["embeddings and reranking"],
  },
  speaks: {
    "voyage-embeddings": { embed: at("/embeddings") },
    "voyage-rerank": { rerank: at("/rerank") },
  },
  embedding: embeddingTraits,
  traits: () => TRAITS,
});
