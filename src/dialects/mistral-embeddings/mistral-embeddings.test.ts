import { vectorContract } from "../vectors/contract.ts";
import { mistralEmbeddings } from "./index.ts";

vectorContract(mistralEmbeddings, {
  requests: [
    { name: "a text", body: { model: "mistral-embed", input: "Hello" } },
    {
      name: "all that there is",
      body: {
        model: "codestral-embed",
        input: ["a", "b"],
        output_dimension: 512,
        output_dtype: "ubinary",
        encoding_format: "base64",
        metadata: { a: "b" },
      },
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
  ],
});
