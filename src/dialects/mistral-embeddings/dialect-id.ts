// The dialect's own name.

/** Id of Mistral's embeddings. */
export const MISTRAL_EMBEDDINGS = "mistral-embeddings";
