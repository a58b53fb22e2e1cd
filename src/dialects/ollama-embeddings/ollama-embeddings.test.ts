import { vectorContract } from "../vectors/contract.ts";
import { ollamaEmbeddings } from "./index.ts";

vectorContract(ollamaEmbeddings, {
  requests: [
    { name: "a text", body: { model: "all-minilm", input: "Hello" } },
    {
      name: "all that there is",
      body: {
        model: "all-minilm",
        input: ["a", "b"],
        truncate: false,
        dimensions: 128,
        keep_alive: "5m",
        options: { num_ctx: 2048 },
      },
    },
  ],
  replies: [
    {
      name: "two vectors",
      body: {
        model: "all-minilm",
        embeddings: [
          [0.5, -0.25],
          [1, 0.125],
        ],
        total_duration: 14143917,
        load_duration: 1019500,
        prompt_eval_count: 8,
      },
    },
  ],
});
