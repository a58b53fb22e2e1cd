// The dialect's own name.

/** Id of Voyage AI's embeddings. */
export const VOYAGE_EMBEDDINGS = "voyage-embeddings";
