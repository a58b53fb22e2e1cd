// The dialect's own name.

/** Id of Jina AI's embeddings. */
export const JINA_EMBEDDINGS = "jina-embeddings";
