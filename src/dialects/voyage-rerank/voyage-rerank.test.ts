import { vectorContract } from "../vectors/contract.ts";
import { voyageRerank } from "./index.ts";

vectorContract(voyageRerank, {
  requests: [
    {
      name: "all that there is",
      body: {
        model: "rerank-2.5",
        query: "q",
        documents: ["a", "b"],
        top_k: 1,
        return_documents: true,
        truncation: false,
      },
      hints: { operation: "rerank" },
    },
  ],
  replies: [
    {
      name: "results",
      body: {
        object: "list",
        data: [
          { relevance_score: 0.9, index: 1, document: "b" },
          { relevance_score: 0.1, index: 0, document: "a" },
        ],
        model: "rerank-2.5",
        usage: { total_tokens: 12 },
      },
    },
  ],
});
