import { expect, test } from "bun:test";
import { embeddingTraits, purposeOfName } from "./embeddings.ts";

test.each([
  ["text-embedding-ada-002", 1536],
  ["text-embedding-3-small", undefined],
  ["embed-v4.0", undefined],
  ["embed-multilingual-v3.0", 1024],
  ["cohere.embed-english-v3", 1024],
  ["embed-english-light-v3.0", 384],
  ["voyage-3-lite", 512],
  ["voyage-3.5", undefined],
  ["voyage-3-large", undefined],
  ["mistral-embed", 1024],
  ["codestral-embed", undefined],
  ["amazon.titan-embed-text-v1", 1536],
  ["amazon.titan-embed-text-v2:0", undefined],
  ["gemini-embedding-001", undefined],
  ["anything-else", undefined],
])("%s makes vectors of %p dimensions alone", (model, size) => {
  expect(embeddingTraits(model).fixedDimensions).toBe(size as never);
});

test.each([
  ["text-embedding-3-large", "embed"],
  ["gemini-embedding-001", "embed"],
  ["voyage-3.5", "embed"],
  ["BAAI/bge-m3", "embed"],
  ["intfloat/e5-mistral-7b-instruct", "embed"],
  ["all-minilm:l6-v2", "embed"],
  ["nomic-embed-text:latest", "embed"],
  ["embed", "embed"],
  ["rerank-2.5", "rerank"],
  ["BAAI/bge-reranker-v2-m3", "rerank"],
  ["jina-reranker-v2-base-multilingual", "rerank"],
  ["gpt-5", undefined],
  ["claude-opus-5", undefined],
  ["gte", undefined],
])("%s is made for %p", (model, purpose) => {
  expect(purposeOfName(model)).toBe(purpose as never);
});
