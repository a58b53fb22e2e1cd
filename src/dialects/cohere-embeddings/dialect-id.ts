// The dialect's own name.

/** Id of Cohere's embeddings, second version. */
export const COHERE_EMBEDDINGS = "cohere-embeddings";
