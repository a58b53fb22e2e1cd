import { describe, expect, test } from "bun:test";
import { checkResults } from "../reranking.ts";
import { vectorContract, vectorUpstream } from "../vectors/contract.ts";
import { rerank } from "./index.ts";

const hints = { operation: "rerank" } as const;

vectorContract(rerank, {
  requests: [
    { name: "a query", body: { model: "m", query: "q", documents: ["a", "b"] }, hints },
    {
      name: "all that there is",
      body: {
        model: "m",
        query: "q",
        documents: [{ text: "a" }, "b", { image: "iVBORw==" }],
        top_n: 1,
        return_documents: true,
        truncation: false,
      },
      hints,
    },
  ],
  replies: [
    {
      name: "Jina's",
      body: {
        model: "m",
        object: "list",
        usage: { total_tokens: 12 },
        results: [
          { index: 1, document: { text: "b" }, relevance_score: 0.9 },
          { index: 0, document: { text: "a" }, relevance_score: 0.1 },
        ],
      },
    },
    {
      name: "with searches",
      body: {
        id: "r-1",
        model: "m",
        results: [{ index: 0, relevance_score: 0.5 }],
        meta: { billed_units: { search_units: 1 } },
      },
    },
  ],
});

describe("rerankings", () => {
  test("are estimated by the query once for each document", () => {
    const body = { model: "m", query: "1234567890", documents: ["abc", { text: "defg" }] };
    const facts = rerank.read(body, { operation: "rerank", model: "", stream: undefined });
    expect(facts).toMatchObject({ operation: "rerank", messageCount: 2, textLength: 27 });
  });

  test.each([
    [{ query: "q", documents: ["a"] }, "model"],
    [{ model: "m", documents: ["a"] }, "query"],
    [{ model: "m", query: "", documents: ["a"] }, "query"],
    [{ model: "m", query: "q" }, "documents"],
    [{ model: "m", query: "q", documents: [] }, "documents"],
    [{ model: "m", query: "q", documents: ["a", 5] }, "documents[1]"],
    [{ model: "m", query: "q", documents: ["a"], top_n: 0 }, "top_n"],
    [{ model: "m", query: "q", documents: ["a"], return_documents: "yes" }, "return_documents"],
  ])("refuse %j with the place of what is wrong", (body, param) => {
    const read = () => rerank.read(body, { operation: "rerank", model: "", stream: undefined });
    expect(read).toThrow(expect.objectContaining({ extras: { param } }));
  });

  test.each([[[0, 0]], [[2]], [[-1]], [[0.5]]])(
    "results that point to %j are malformed",
    (indexes) => {
      const results = indexes.map((index) => ({ index, score: 1 }));
      expect(() => checkResults(results, 2)).toThrow("document");
      expect(vectorUpstream().notices).toEqual([]);
    },
  );
});
