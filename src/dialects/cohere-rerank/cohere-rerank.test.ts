import { expect, test } from "bun:test";
import { rerank } from "../rerank/index.ts";
import { vectorContract, vectorUpstream } from "../vectors/contract.ts";
import { cohereRerank } from "./index.ts";

vectorContract(cohereRerank, {
  requests: [
    {
      name: "all that there is",
      body: {
        model: "rerank-v3.5",
        query: "q",
        documents: ["a", "b"],
        top_n: 1,
        max_tokens_per_doc: 100,
        priority: 1,
      },
      hints: { operation: "rerank" },
    },
  ],
  replies: [
    {
      name: "results",
      body: {
        id: "r-1",
        results: [
          { index: 1, relevance_score: 0.9 },
          { index: 0, relevance_score: 0.1 },
        ],
        meta: { billed_units: { search_units: 1 } },
      },
    },
  ],
});

test("Cohere gets texts only, and what it cannot do is announced", () => {
  const asked = rerank.reranking?.requestToNeutral({
    model: "m",
    query: "q",
    documents: ["a", { text: "b" }, { title: "c", text: "d" }],
    return_documents: true,
    max_tokens_per_doc: 50,
    rank_fields: ["title"],
  });
  if (asked === undefined) throw new Error("There is no request.");
  const upstream = vectorUpstream({ model: "rerank-v3.5" });
  expect(cohereRerank.reranking?.requestFromNeutral(asked, upstream)).toEqual({
    model: "rerank-v3.5",
    query: "q",
    documents: ["a", "b", '{"title":"c","text":"d"}'],
    max_tokens_per_doc: 50,
  });
  expect(upstream.notices).toEqual(["dropped:rank_fields", "converted:documents"]);
});
