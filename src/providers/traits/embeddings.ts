// What embedding models can do, by their names: these mean the same model whoever serves them.
// Sources: platform.openai.com/docs/guides/embeddings, docs.cohere.com/docs/cohere-embed,
// docs.voyageai.com/docs/embeddings, docs.mistral.ai/capabilities/embeddings,
// docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html, jina.ai/models (2026-11).

import type { EmbeddingTraits } from "#dialects/embedding.ts";

/** Models that make vectors of one size, with the size. All others may be asked for another. */
const FIXED: readonly (readonly [RegExp, number])[] = [
  [/^text-embedding-ada-002/, 1536],
  [/^text-embedding-gecko|^textembedding-gecko|^embedding-001$/, 768],
  [/embed-(?:english|multilingual)-light-v[23]/, 384],
  [/embed-(?:english|multilingual)-v3/, 1024],
  [/embed-english-v2/, 4096],
  [/embed-multilingual-v2/, 768],
  [/^voyage-3-lite$/, 512],
  [/^voyage-(?:3|2|finance-2|multilingual-2|law-2)$/, 1024],
  [/^voyage-(?:code-2|large-2)$/, 1536],
  [/^mistral-embed/, 1024],
  [/titan-embed-(?:text-v1|g1-text)|titan-e1t/, 1536],
  [/^jina-embeddings-v2-small/, 512],
  [/^jina-embeddings-v2/, 768],
];

const ANY: EmbeddingTraits = Object.freeze({});

/** The traits of a model. Letter case does not count, nor what a maker puts before the name. */
export function embeddingTraits(model: string): EmbeddingTraits {
  const name = model.toLowerCase();
  const found = FIXED.find(([pattern]) => pattern.test(name));
  return found === undefined ? ANY : { fixedDimensions: found[1] };
}

const RERANKERS = /rerank/i;
const EMBEDDERS =
  /embed|(?:^|[/:-])(?:bge|e5|gte|minilm|all-minilm|all-mpnet|nomic|mxbai|arctic|voyage)[-:]/i;

/** What the name of a model says that it is made for; undefined when it says nothing: then it converses. */
export function purposeOfName(model: string): "embed" | "rerank" | undefined {
  if (RERANKERS.test(model)) return "rerank";
  return EMBEDDERS.test(model) ? "embed" : undefined;
}
