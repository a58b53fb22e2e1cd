// The two dialects' own names.

/** Id of Google's embeddings, one to a call (`:embedContent`). */
export const GEMINI_EMBED = "gemini-embed";
/** Id of the same in batches (`:batchEmbedContents`). */
export const GEMINI_EMBED_BATCH = "gemini-embed-batch";
