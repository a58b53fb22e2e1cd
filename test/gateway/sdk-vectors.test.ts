// Other people's clients of embeddings: what a vendor's own client reads off the vendor itself, an OpenAI
// client reads through Sluice; and LangChain's batches.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createCohere } from "@ai-sdk/cohere";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createMistral } from "@ai-sdk/mistral";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { OpenAIEmbeddings } from "@langchain/openai";
import { type EmbeddingModel, embedMany } from "ai";
import { vectorOfText } from "#support/upstream/upstream.ts";
import { answerWith, startVectorBench } from "./vector-bench.ts";
import { CALLER_KEY, PROVIDER_KEY, sentBody, type VendorBench } from "./vendor-bench.ts";

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVectorBench();
});
afterAll(() => bench.stop());
beforeEach(() => answerWith(bench));

const VALUES = ["first text", "second", "the third one"];

/** Each vendor's own client, straight to the scripted upstream. */
const DIRECT: Readonly<Record<string, (origin: string) => EmbeddingModel>> = {
  "coh/embed-v4.0": (origin) =>
    createCohere({ apiKey: PROVIDER_KEY, baseURL: `${origin}/v2` }).embedding("embed-v4.0"),
  "gem/gemini-embedding-001": (origin) =>
    createGoogleGenerativeAI({ apiKey: PROVIDER_KEY, baseURL: `${origin}/v1beta` }).embedding(
      "gemini-embedding-001",
    ),
  "mis/mistral-embed": (origin) =>
    createMistral({ apiKey: PROVIDER_KEY, baseURL: `${origin}/v1` }).embedding("mistral-embed"),
};

describe.each(Object.keys(DIRECT))("what the client of %s reads off the vendor", (target) => {
  const embed = (model: EmbeddingModel) => embedMany({ model, values: VALUES, maxRetries: 0 });

  test("clients of other vendors read through Sluice", async () => {
    const direct = DIRECT[target]?.(bench.upstream.origin);
    if (direct === undefined) throw new Error("There is no such client.");
    const wanted = await embed(direct);
    expect(wanted.embeddings).toEqual(VALUES.map((text) => vectorOfText(text)));
    const { baseUrl } = bench.gateway;
    const clients = [
      createOpenAI({ apiKey: CALLER_KEY, baseURL: `${baseUrl}/v1` }).embedding(target),
      createOpenAICompatible({
        name: "sluice",
        apiKey: CALLER_KEY,
        baseURL: `${baseUrl}/v1`,
      }).textEmbeddingModel(target),
      createGoogleGenerativeAI({ apiKey: CALLER_KEY, baseURL: `${baseUrl}/v1beta` }).embedding(
        target,
      ),
    ];
    for (const model of clients) {
      const { embeddings } = await embed(model);
      expect(embeddings).toEqual(wanted.embeddings);
    }
  });
});

describe("LangChain", () => {
  test.each(["oai/text-embedding-3-small", "coh/embed-v4.0", "bed/amazon.titan-embed-text-v2:0"])(
    "embeds documents in batches with %s",
    async (model) => {
      const store = new OpenAIEmbeddings({
        model,
        apiKey: CALLER_KEY,
        batchSize: 200,
        maxRetries: 0,
        configuration: { baseURL: `${bench.gateway.baseUrl}/v1` },
      });
      const documents = Array.from({ length: 205 }, (_, place) => `document ${place}`);
      expect(await store.embedDocuments(documents)).toEqual(
        documents.map((text) => vectorOfText(text)),
      );
      expect(await store.embedQuery("query")).toEqual(vectorOfText("query"));
      expect(sentBody(bench.lastRequest())).toBeDefined();
    },
  );
});
