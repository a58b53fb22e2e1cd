// The dialect's own name.

/** Id of OpenAI's embeddings. */
export const EMBEDDINGS = "embeddings";
