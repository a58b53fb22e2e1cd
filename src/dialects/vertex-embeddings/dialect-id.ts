// The dialect's own name.

/** Id of Google's embeddings as Vertex AI serves them. */
export const VERTEX_EMBEDDINGS = "vertex-embeddings";
