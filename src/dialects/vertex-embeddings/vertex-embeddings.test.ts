import { expect, test } from "bun:test";
import { vectorContract } from "../vectors/contract.ts";
import { vertexEmbeddings } from "./index.ts";
import { vertexVerb } from "./request.ts";

const hints = (model: string) => ({ operation: "embed", model }) as const;

vectorContract(vertexEmbeddings, {
  requests: [
    {
      name: "instances",
      body: {
        instances: [
          { content: "a", task_type: "RETRIEVAL_DOCUMENT", title: "t" },
          { content: "b", task_type: "RETRIEVAL_QUERY" },
        ],
        parameters: { outputDimensionality: 256, autoTruncate: false },
      },
      hints: hints("text-embedding-005"),
    },
    {
      name: "content",
      body: {
        content: {
          parts: [{ text: "a" }, { inlineData: { mimeType: "image/png", data: "iVBORw==" } }],
        },
        embedContentConfig: {
          taskType: "CLUSTERING",
          outputDimensionality: 256,
          autoTruncate: true,
        },
      },
      hints: hints("gemini-embedding-2"),
    },
  ],
  replies: [
    {
      name: "predictions",
      body: {
        predictions: [
          {
            embeddings: { statistics: { token_count: 5, truncated: false }, values: [0.5, -0.25] },
          },
          { embeddings: { statistics: { token_count: 6, truncated: false }, values: [1, 0.125] } },
        ],
        metadata: { billableCharacterCount: 35 },
      },
    },
    {
      name: "one embedding",
      body: { embedding: { values: [0.5, -0.25] }, usageMetadata: { promptTokenCount: 3 } },
    },
  ],
});

test.each([
  ["gemini-embedding-001", "predict"],
  ["text-embedding-005", "predict"],
  ["text-multilingual-embedding-002", "predict"],
  ["gemini-embedding-2", "embedContent"],
  ["gemini-embedding-2-preview", "embedContent"],
])("%s is asked by %s", (model, verb) => {
  expect<string>(vertexVerb(model)).toBe(verb);
});

test("adds up the tokens of all predictions", () => {
  const entry = (tokens: number) => ({
    embeddings: { statistics: { token_count: tokens }, values: [1] },
  });
  expect(
    vertexEmbeddings.inspect({ predictions: [entry(5), entry(6)] }, "embed").usage,
  ).toMatchObject({ inputTokens: 11 });
  const untold = { predictions: [entry(5), { embeddings: { values: [1] } }] };
  expect(vertexEmbeddings.inspect(untold, "embed").usage).toBeUndefined();
});
