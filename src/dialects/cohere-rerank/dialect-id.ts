// The dialect's own name.

/** Id of Cohere's reranking, second version. */
export const COHERE_RERANK = "cohere-rerank";
