// The dialect's own name.

/** Id of embedding models behind Bedrock's `invoke`. */
export const BEDROCK_EMBEDDINGS = "bedrock-embeddings";
