import { describe, expect, test } from "bun:test";
import { vectorContract } from "../vectors/contract.ts";
import { embeddingFacts } from "../vectors/facts.ts";
import { editEmbedding } from "./edits.ts";
import { geminiEmbed, geminiEmbedBatch } from "./index.ts";
import { batchToNeutral } from "./request-to-neutral.ts";

const hints = { operation: "embed", model: "gemini-embedding-001" } as const;
const IMAGE = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };

vectorContract(geminiEmbed, {
  requests: [
    { name: "a text", body: { content: { parts: [{ text: "Hello" }] } }, hints },
    {
      name: "all that there is",
      body: {
        model: "models/gemini-embedding-001",
        content: { role: "user", parts: [{ text: "Hello" }, IMAGE] },
        taskType: "RETRIEVAL_DOCUMENT",
        title: "A title",
        outputDimensionality: 768,
      },
      hints,
    },
  ],
  replies: [
    { name: "one", body: { embedding: { values: [0.5, -0.25] } } },
    {
      name: "with usage",
      body: {
        embedding: { values: [0.5, -0.25] },
        usageMetadata: {
          promptTokenCount: 7,
          promptTokenDetails: [{ modality: "TEXT", tokenCount: 7 }],
        },
      },
    },
  ],
});

vectorContract(geminiEmbedBatch, {
  requests: [
    {
      name: "two of one sort",
      body: {
        requests: [
          { model: "models/gemini-embedding-001", content: { parts: [{ text: "a" }] } },
          { model: "models/gemini-embedding-001", content: { parts: [{ text: "b" }] } },
        ],
      },
      hints,
    },
    {
      name: "two of two sorts, in the schema's own spelling",
      body: {
        requests: [
          { content: { parts: [{ text: "a" }] }, task_type: "RETRIEVAL_QUERY" },
          {
            content: { parts: [{ text: "b" }] },
            task_type: "CLUSTERING",
            output_dimensionality: 256,
          },
        ],
      },
      hints,
    },
  ],
  replies: [
    { name: "two", body: { embeddings: [{ values: [0.5, -0.25] }, { values: [1, 0.125] }] } },
  ],
});

describe("Google's embeddings", () => {
  test("name one model in every place, and leave alone what names it already", () => {
    const named = (model: string) => ({
      model,
      content: { parts: [{ text: "a" }] },
    });
    const right = { requests: [named("models/m"), named("models/m")] };
    expect([...editEmbedding("m", right)]).toEqual([]);
    const wrong = { requests: [named("models/assistant"), named("models/m")] };
    expect(editEmbedding("m", wrong).get("requests")).toEqual(right.requests);
    expect([...editEmbedding("m", { model: "models/x", content: {} })]).toEqual([
      ["model", "models/m"],
    ]);
    expect([...editEmbedding("m", { content: {} })]).toEqual([]);
  });

  test("agree on a size only when all inputs do", () => {
    const facts = (...sizes: (number | undefined)[]) =>
      embeddingFacts(
        batchToNeutral(
          {
            requests: sizes.map((outputDimensionality) => ({
              content: { parts: [{ text: "a" }] },
              outputDimensionality,
            })),
          },
          "m",
        ),
        "x",
      ).vectors?.dimensions;
    expect(facts(256, 256)).toBe(256);
    expect(facts(256, 512)).toBe(0);
    expect(facts(256, undefined)).toBe(0);
  });

  test.each([
    [{}, "requests"],
    [{ requests: [] }, "requests"],
    [{ requests: [{}] }, "requests[0].content"],
    [{ requests: [{ content: { parts: [] } }] }, "requests[0].content"],
    [{ requests: [{ content: { parts: [{ x: 1 }] } }] }, "requests[0].content.parts[0]"],
    [{ requests: [{ content: "text" }] }, "requests[0].content"],
    [
      { requests: [{ content: { parts: [{ text: "a" }] }, outputDimensionality: 0 }] },
      "requests[0].outputDimensionality",
    ],
  ])("refuse %j with the place of what is wrong", (body, param) => {
    const read = () => geminiEmbedBatch.read(body, { ...hints, stream: false });
    expect(read).toThrow(expect.objectContaining({ extras: { param } }));
  });
});
