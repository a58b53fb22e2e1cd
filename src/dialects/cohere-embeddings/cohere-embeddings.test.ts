import { describe, expect, test } from "bun:test";
import type { EmbeddingInput, NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { vectorContract, vectorUpstream } from "../vectors/contract.ts";
import { cohereEmbeddings } from "./index.ts";
import { limitsOf, requestFromNeutral, requestToNeutral } from "./request.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";

vectorContract(cohereEmbeddings, {
  requests: [
    {
      name: "texts",
      body: {
        model: "embed-v4.0",
        texts: ["hello", "world"],
        input_type: "search_document",
        embedding_types: ["float"],
        truncate: "NONE",
        output_dimension: 512,
        max_tokens: 100,
        priority: 1,
      },
    },
    {
      name: "images of a model that takes nothing with them",
      body: {
        model: "embed-english-v3.0",
        images: [PNG],
        input_type: "image",
        embedding_types: ["base64"],
      },
    },
    {
      name: "texts and images together",
      body: {
        model: "embed-v4.0",
        inputs: [
          {
            content: [
              { type: "text", text: "a" },
              { type: "image_url", image_url: { url: PNG } },
            ],
          },
        ],
        input_type: "clustering",
        embedding_types: ["int8"],
      },
    },
  ],
  replies: [
    {
      name: "by type",
      body: {
        id: "e-1",
        embeddings: {
          float: [
            [0.5, -0.25],
            [1, 0.125],
          ],
        },
        texts: ["hello", "world"],
        meta: { api_version: { version: "2" }, billed_units: { input_tokens: 2, image_tokens: 0 } },
        response_type: "embeddings_by_type",
      },
    },
    { name: "one list", body: { id: "e-2", embeddings: [[0.5, -0.25]], response_type: "x" } },
    { name: "base64", body: { id: "e-3", embeddings: { base64: ["AAAAPwAAgL4="] } } },
  ],
});

describe("Cohere's embeddings", () => {
  const request = (...inputs: readonly Partial<EmbeddingInput>[]): NeutralEmbeddingRequest => ({
    origin: "elsewhere",
    model: "m",
    inputs: inputs.map((input, index) => ({
      path: `input[${index}]`,
      parts: [{ kind: "text", text: "a" }],
      ...input,
    })),
    wish: { encoding: "float", numbers: "float", dimensions: 0 },
    truncation: { mode: "none", isAsked: false },
    extras: new Map(),
  });

  test("are told what they are for even when the caller did not say, and that is announced", () => {
    const upstream = vectorUpstream({ model: "embed-v4.0" });
    expect(requestFromNeutral(request({}), upstream)).toEqual({
      model: "embed-v4.0",
      texts: ["a"],
      input_type: "search_document",
      embedding_types: ["float"],
      truncate: "NONE",
    });
    expect(upstream.notices).toEqual(["defaulted:input_type"]);
  });

  test.each([
    ["RETRIEVAL_QUERY", "search_query", []],
    ["query", "search_query", []],
    ["classification", "classification", []],
    ["QUESTION_ANSWERING", "search_query", ["converted:input_type"]],
    ["SEMANTIC_SIMILARITY", "search_document", ["dropped:input_type", "defaulted:input_type"]],
  ])("are for %s as %s", (purpose, word, notices) => {
    const upstream = vectorUpstream({ model: "embed-v4.0" });
    expect(requestFromNeutral(request({ purpose }), upstream)["input_type"]).toBe(word);
    expect(upstream.notices).toEqual(notices as never);
  });

  test("refuse a purpose that nobody knows, and a size that the model does not make", () => {
    const upstream = vectorUpstream({ traits: { fixedDimensions: 1024 } });
    expect(() => requestFromNeutral(request({ purpose: "juggling" }), upstream)).toThrow(
      "juggling",
    );
    expect(() => requestFromNeutral(request({ dimensions: 256 }), upstream)).toThrow("1024");
    const fits = requestFromNeutral(request({ dimensions: 1024 }), upstream);
    expect(fits["output_dimension"]).toBeUndefined();
  });

  test("keep texts and images apart, and the images of older models one by one", () => {
    const group = (model: string, body: object) => {
      const limits = limitsOf(model);
      const { inputs } = requestToNeutral({ model, input_type: "image", ...body }, model);
      return new Set(inputs.map((input) => limits.group?.(input))).size;
    };
    expect(group("embed-v4.0", { images: [PNG, PNG] })).toBe(1);
    expect(group("embed-english-v3.0", { images: [PNG, PNG] })).toBe(2);
    expect(group("embed-english-v3.0", { texts: ["a", "b"] })).toBe(1);
  });
});
