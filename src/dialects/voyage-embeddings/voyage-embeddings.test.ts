import { vectorContract } from "../vectors/contract.ts";
import { voyageEmbeddings } from "./index.ts";

vectorContract(voyageEmbeddings, {
  requests: [
    { name: "a text", body: { model: "voyage-3.5", input: "Hello" } },
    {
      name: "all that there is",
      body: {
        model: "voyage-3.5",
        input: ["a", "b"],
        input_type: "document",
        truncation: false,
        output_dimension: 512,
        output_dtype: "int8",
        encoding_format: "base64",
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
