import { describe, expect, test } from "bun:test";
import { vectorContract } from "../vectors/contract.ts";
import { familyOf } from "./families.ts";
import { bedrockEmbeddings } from "./index.ts";

const hints = (model: string) => ({ operation: "embed", model }) as const;
const NOVA = "amazon.nova-2-multimodal-embeddings-v1:0";

vectorContract(bedrockEmbeddings, {
  requests: [
    {
      name: "Titan",
      body: { inputText: "Hello", dimensions: 256, normalize: true },
      hints: hints("amazon.titan-embed-text-v2:0"),
    },
    {
      name: "Titan with an image",
      body: {
        inputText: "Hello",
        inputImage: "iVBORw0KGgo=",
        embeddingConfig: { outputEmbeddingLength: 256 },
      },
      hints: hints("amazon.titan-embed-image-v1"),
    },
    {
      name: "Nova",
      body: {
        taskType: "SINGLE_EMBEDDING",
        singleEmbeddingParams: {
          embeddingPurpose: "GENERIC_RETRIEVAL",
          embeddingDimension: 256,
          text: { truncationMode: "END", value: "Hello" },
        },
      },
      hints: hints(NOVA),
    },
    {
      name: "Nova with an image",
      body: {
        taskType: "SINGLE_EMBEDDING",
        singleEmbeddingParams: {
          embeddingPurpose: "IMAGE_RETRIEVAL",
          image: { format: "png", source: { bytes: "iVBORw0KGgo=" } },
        },
      },
      hints: hints(NOVA),
    },
    {
      name: "Cohere",
      body: { texts: ["a", "b"], input_type: "search_query", truncate: "START" },
      hints: hints("eu.cohere.embed-v4:0"),
    },
  ],
  replies: [
    { name: "Titan", body: { embedding: [0.5, -0.25], inputTextTokenCount: 5 } },
    {
      name: "Titan by type",
      body: { embeddingsByType: { float: [0.5, -0.25] }, inputTextTokenCount: 5 },
    },
    { name: "Nova", body: { embeddings: [{ embeddingType: "TEXT", embedding: [0.5, -0.25] }] } },
    { name: "Cohere's third", body: { embeddings: [[0.5, -0.25]], response_type: "x", id: "1" } },
    {
      name: "Cohere's fourth",
      body: {
        embeddings: {
          float: [
            [0.5, -0.25],
            [1, 2],
          ],
        },
        id: "1",
      },
    },
  ],
});

describe("embedding models on Bedrock", () => {
  test.each([
    ["amazon.titan-embed-text-v2:0", "titan-text"],
    ["amazon.titan-embed-image-v1", "titan-image"],
    [NOVA, "nova"],
    ["us.cohere.embed-v4:0", "cohere-form"],
    ["arn:aws:bedrock:eu-central-1::foundation-model/cohere.embed-english-v3", "cohere-form"],
    ["anthropic.claude-sonnet-4-5-20250929-v1:0", undefined],
    ["amazon.nova-pro-v1:0", undefined],
    ["cohere.rerank-v3-5:0", undefined],
  ])("%s has the form of %p", (model, family) => {
    expect(familyOf(model)).toBe(family as never);
  });

  test("tell their usage in the head where the body does not", () => {
    const head = new Headers({ "x-amzn-bedrock-input-token-count": "7" });
    expect(bedrockEmbeddings.usageOfHead?.(head)).toMatchObject({ inputTokens: 7 });
    for (const value of ["", "-1", "7.5", "many", "9999999999999"]) {
      const wrong = new Headers({ "x-amzn-bedrock-input-token-count": value });
      expect(bedrockEmbeddings.usageOfHead?.(wrong)).toBeUndefined();
    }
  });
});
