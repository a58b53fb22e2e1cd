import { vectorContract } from "../vectors/contract.ts";
import { jinaEmbeddings } from "./index.ts";

vectorContract(jinaEmbeddings, {
  requests: [
    { name: "a text", body: { model: "jina-embeddings-v3", input: "Hello" } },
    {
      name: "texts and images",
      body: {
        model: "jina-embeddings-v4",
        input: [{ text: "a" }, { image: "iVBORw0KGgo=" }, { image: "https://example.com/a.png" }],
        task: "retrieval.passage",
        dimensions: 512,
        embedding_type: "base64",
        truncate: true,
        normalized: true,
        late_chunking: true,
      },
    },
    {
      name: "a purpose that only Jina has",
      body: { model: "jina-code-embeddings-1.5b", input: ["a"], task: "nl2code.query" },
    },
    {
      name: "bits",
      body: { model: "jina-embeddings-v3", input: ["a"], embedding_type: "ubinary" },
    },
  ],
  replies: [
    {
      name: "two vectors",
      body: {
        object: "list",
        data: [
          { object: "embedding", index: 1, embedding: [0.5, -0.25] },
          { object: "embedding", index: 0, embedding: [1, 0.125] },
        ],
        model: "sample-model",
        usage: { total_tokens: 5 },
      },
    },
    {
      name: "base64",
      body: {
        object: "list",
        data: [{ object: "embedding", index: 0, embedding: "AAAAPwAAgL4=" }],
        model: "sample-model",
        usage: { prompt_tokens: 5, total_tokens: 5 },
      },
    },
  ],
});
