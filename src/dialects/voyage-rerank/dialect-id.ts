// The dialect's own name.

/** Id of Voyage AI's reranking. */
export const VOYAGE_RERANK = "voyage-rerank";
