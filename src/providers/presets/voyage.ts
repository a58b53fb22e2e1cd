// Voyage AI: vectors and reranking, no chat.

import { at, chatKind, chatTraits } from "../chat-kind.ts";

const TRAITS = chatTraits();

/** `kind: voyage`. */
export const VOYAGE = chatKind({
  id: "voyage",
  title: "Voyage AI",
  isPreset: true,
  defaultBaseUrl: "https://api.voyageai.com/v1",
  about: {
    source: "https://docs.voyageai.com/reference/embeddings-api",
    date: "2026-11-22",
    features: ["embeddings and reranking"],
  },
  speaks: { embeddings: { embed: at("/embeddings") } },
  traits: () => TRAITS,
});
