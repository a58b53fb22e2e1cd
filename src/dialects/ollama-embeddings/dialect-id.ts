// The dialect's own name.

/** Id of Ollama's embeddings. */
export const OLLAMA_EMBEDDINGS = "ollama-embeddings";
