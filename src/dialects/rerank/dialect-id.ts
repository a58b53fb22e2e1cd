// The dialect's own name.

/** Id of reranking in the form that Jina, vLLM and many others share. */
export const RERANK = "rerank";
