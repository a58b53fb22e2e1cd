// What callers may ask of vectors, and what each vendor is asked then: size, purpose, title, cutting,
// types of numbers, images, tokens. What a vendor lacks is refused or announced.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import type { JsonObject } from "#core/json.ts";
import { asArray } from "#core/json.ts";
import { vectorOfText } from "#support/upstream/upstream.ts";
import { answerWith, post, startVectorBench, vectorsOf } from "./vector-bench.ts";
import { CALLER_KEY, sentBody, type VendorBench } from "./vendor-bench.ts";

let bench: VendorBench;
let openai: OpenAI;
beforeAll(async () => {
  bench = await startVectorBench();
  openai = new OpenAI({
    apiKey: CALLER_KEY,
    baseURL: `${bench.gateway.baseUrl}/v1`,
    maxRetries: 0,
  });
});
afterAll(() => bench.stop());
beforeEach(() => answerWith(bench));

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const TITAN = "bed/amazon.titan-embed-text-v2:0";
const NOVA = "bed/amazon.nova-2-multimodal-embeddings-v1:0";

/** What the upstream saw last, and what was announced. */
async function asked(path: string, body: JsonObject): Promise<[JsonObject, string[]]> {
  const reply = await post(bench, path, body);
  expect([reply.status, reply.body["error"]]).toEqual([200, undefined]);
  const notices = reply.headers.get("x-sluice-notices")?.split(", ") ?? [];
  return [sentBody(bench.lastRequest()), notices];
}

describe("a call in OpenAI's form with all that it may hold", () => {
  const FULL = {
    input: ["a"],
    dimensions: 256,
    input_type: "document",
    title: "T",
    truncate: "END",
    user: "u-1",
  };

  test.each<[string, JsonObject, string[]]>([
    [
      "oai/text-embedding-3-small",
      { model: "text-embedding-3-small", input: ["a"], dimensions: 256, user: "u-1" },
      ["dropped:input_type", "dropped:title", "dropped:truncate"],
    ],
    ["house/some-model", { model: "some-model", ...FULL }, ["unpriced:model"]],
    [
      "gem/gemini-embedding-001",
      {
        requests: [
          {
            model: "models/gemini-embedding-001",
            content: { parts: [{ text: "a" }] },
            taskType: "RETRIEVAL_DOCUMENT",
            title: "T",
            outputDimensionality: 256,
          },
        ],
      },
      ["dropped:user"],
    ],
    [
      "coh/embed-v4.0",
      {
        model: "embed-v4.0",
        texts: ["a"],
        input_type: "search_document",
        truncate: "END",
        output_dimension: 256,
        embedding_types: ["float"],
      },
      ["dropped:user", "dropped:title"],
    ],
    [
      "voy/voyage-3.5",
      {
        model: "voyage-3.5",
        input: ["a"],
        input_type: "document",
        truncation: true,
        output_dimension: 256,
      },
      ["dropped:user", "dropped:title"],
    ],
    [
      "mis/codestral-embed",
      { model: "codestral-embed", input: ["a"], output_dimension: 256 },
      ["dropped:truncate", "dropped:user", "dropped:title", "dropped:input_type"],
    ],
    [
      "jin/jina-embeddings-v3",
      {
        model: "jina-embeddings-v3",
        input: ["a"],
        task: "retrieval.passage",
        truncate: true,
        dimensions: 256,
      },
      ["dropped:user", "dropped:title"],
    ],
    [
      "oll/nomic-embed-text",
      { model: "nomic-embed-text", input: ["a"], truncate: true, dimensions: 256 },
      ["dropped:user", "dropped:title", "dropped:input_type"],
    ],
    [
      TITAN,
      { inputText: "a", dimensions: 256 },
      ["dropped:truncate", "dropped:user", "dropped:title", "dropped:input_type"],
    ],
    [
      NOVA,
      {
        taskType: "SINGLE_EMBEDDING",
        singleEmbeddingParams: {
          embeddingPurpose: "GENERIC_INDEX",
          embeddingDimension: 256,
          text: { truncationMode: "END", value: "a" },
        },
      },
      ["dropped:user", "dropped:title"],
    ],
    [
      "ver/text-embedding-005",
      {
        instances: [{ content: "a", task_type: "RETRIEVAL_DOCUMENT", title: "T" }],
        parameters: { outputDimensionality: 256, autoTruncate: true },
      },
      ["dropped:user"],
    ],
    [
      "ver/gemini-embedding-2",
      {
        content: { parts: [{ text: "a" }] },
        embedContentConfig: {
          taskType: "RETRIEVAL_DOCUMENT",
          title: "T",
          outputDimensionality: 256,
          autoTruncate: true,
        },
      },
      ["dropped:user"],
    ],
  ])("reaches %s", async (model, body, notices) => {
    const [sent, announced] = await asked("/v1/embeddings", { model, ...FULL });
    expect(sent).toEqual(body);
    expect(announced.toSorted()).toEqual(notices.toSorted());
  });

  test("says not to cut where silence would cut, as OpenAI never cuts", async () => {
    const body = { input: ["a"] };
    expect((await asked("/v1/embeddings", { model: "coh/embed-v4.0", ...body }))[0]).toMatchObject({
      truncate: "NONE",
    });
    expect((await asked("/v1/embeddings", { model: "voy/voyage-3.5", ...body }))[0]).toMatchObject({
      truncation: false,
    });
    expect((await asked("/v1/embeddings", { model: "oll/x-embed", ...body }))[0]).toMatchObject({
      truncate: false,
    });
  });

  test("is told to be for documents where the vendor must be told something", async () => {
    for (const model of ["coh/embed-v4.0", NOVA]) {
      const [, notices] = await asked("/v1/embeddings", { model, input: "a" });
      expect(notices).toEqual(["defaulted:input_type"]);
    }
  });
});

test("a batch of Gemini's with several purposes goes out as one request for each, and comes back in order", async () => {
  const texts = ["q1", "d1", "q2", "d2"];
  const requests = texts.map((text) => ({
    content: { parts: [{ text }] },
    taskType: text.startsWith("q") ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT",
  }));
  const path = "/v1beta/models/coh/embed-v4.0:batchEmbedContents";
  const { body } = await post(bench, path, { requests });
  expect(body["embeddings"]).toEqual(texts.map((text) => ({ values: vectorOfText(text) })));
  const sent = bench.upstream.requests.map(sentBody);
  expect(sent.map((one) => [one["input_type"], one["texts"]])).toEqual([
    ["search_query", ["q1", "q2"]],
    ["search_document", ["d1", "d2"]],
  ]);
  const [attempt] = asArray((await bench.lastDecision())["attempts"]);
  expect(attempt).toMatchObject({ outcome: "succeeded", message: "Sent as 2 requests." });
});

test("the text of several parts is one input where a vendor knows no parts, and that is announced", async () => {
  const content = { parts: [{ text: "one" }, { text: "two" }] };
  const path = "/v1beta/models/oai/text-embedding-3-small:embedContent";
  const [sent, notices] = await asked(path, { content });
  expect(sent["input"]).toEqual(["one\ntwo"]);
  expect(notices).toEqual(["converted:parts"]);
});

describe("what a model cannot do is refused with its place", () => {
  test.each<[string, JsonObject, string]>([
    ["mis/mistral-embed", { input: "a", dimensions: 256 }, "dimensions"],
    ["coh/embed-multilingual-v3.0", { input: "a", dimensions: 256 }, "dimensions"],
    ["bed/amazon.titan-embed-text-v1", { input: "a", dimensions: 256 }, "dimensions"],
    ["gem/gemini-embedding-001", { input: [[1, 2]] }, "input[0]"],
    ["coh/embed-v4.0", { input: [1, 2] }, "input"],
    ["voy/voyage-3.5", { input: [{ image: PNG }] }, "input[0]"],
    [TITAN, { input: ["a", { image: PNG }] }, "input[1]"],
    ["coh/embed-v4.0", { input: [{ image: "https://example.com/a.png" }] }, "input[0]"],
    ["gem/gemini-embedding-2", { input: [{ image: "https://example.com/a.png" }] }, "input[0]"],
    ["oll/x-embed", { input: "a", output_dtype: "int8" }, "output_dtype"],
    ["jin/jina-embeddings-v3", { input: "a", output_dtype: "int8" }, "output_dtype"],
    ["coh/embed-v4.0", { input: "a", input_type: "juggling" }, "input_type"],
    [TITAN, { input: Array.from({ length: 257 }, () => "a") }, "input"],
  ])("%s: %j", async (model, body, param) => {
    const reply = await post(bench, "/v1/embeddings", { model, ...body });
    expect(reply.status).toBe(400);
    expect(reply.body["error"]).toMatchObject({ code: "unsupported_feature", param });
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("a model whose one size is the size that was asked for is not told", async () => {
    const [sent] = await asked("/v1/embeddings", {
      model: "coh/embed-multilingual-v3.0",
      input: "a",
    });
    expect(sent["output_dimension"]).toBeUndefined();
    answerWith(bench, { change: (reply) => ({ ...reply, embeddings: { float: [wide(1024)] } }) });
    const again = { model: "coh/embed-multilingual-v3.0", input: "a", dimensions: 1024 };
    expect((await asked("/v1/embeddings", again))[0]["output_dimension"]).toBeUndefined();
  });
});

test("images go to those who see them", async () => {
  const image = { image: PNG };
  const [jina] = await asked("/v1/embeddings", { model: "jin/jina-clip-v2", input: [image, "a"] });
  expect(jina["input"]).toEqual([{ image: "iVBORw0KGgo=" }, "a"]);
  const [cohere] = await asked("/v1/embeddings", { model: "coh/embed-v4.0", input: [image] });
  expect(cohere["inputs"]).toEqual([{ content: [{ type: "image_url", image_url: { url: PNG } }] }]);
  const inlineData = { mimeType: "image/png", data: "iVBORw0KGgo=" };
  const content = { parts: [{ text: "a" }, { inlineData }] };
  const [titan] = await asked("/v1beta/models/bed/amazon.titan-embed-image-v1:embedContent", {
    content,
  });
  expect(titan).toEqual({ inputText: "a", inputImage: "iVBORw0KGgo=" });
});

test("numbers of another type come as they are", async () => {
  const int8 = [1, -2, 3, 127];
  const change = (reply: JsonObject) => ({
    ...reply,
    data: asArray(reply["data"]).map((_, index) => ({ index, embedding: int8 })),
  });
  answerWith(bench, { change });
  const body = { model: "voy/voyage-3.5", input: ["a"], output_dtype: "int8" };
  const floats = await post(bench, "/v1/embeddings", body);
  expect(sentBody(bench.lastRequest())).toMatchObject({ output_dtype: "int8" });
  expect(vectorsOf(floats.body)).toEqual([int8]);
  const text = await post(bench, "/v1/embeddings", { ...body, encoding_format: "base64" });
  expect(vectorsOf(text.body)).toEqual([Buffer.from(Int8Array.from(int8)).toString("base64")]);
});

describe("OpenAI's own client", () => {
  test.each([
    "oai/text-embedding-3-small",
    "gem/gemini-embedding-001",
    "coh/embed-v4.0",
    "voy/voyage-3.5",
    TITAN,
    "oll/nomic-embed-text",
  ])("decodes what comes of %s, in its default encoding and as floats", async (model) => {
    const input = ["first text", "second"];
    const wanted = input.map((text) => vectorOfText(text, 3));
    const create = (more: Partial<OpenAI.EmbeddingCreateParams>) =>
      openai.embeddings.create({ model, input, dimensions: 3, ...more });
    for (const more of [{}, { encoding_format: "float" as const }]) {
      const reply = await create(more);
      expect(reply.data.map(({ embedding }) => embedding)).toEqual(wanted);
      expect(reply.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
      expect(reply.model).not.toBe("");
    }
  });

  test("decodes even what an imitator sends as numbers though asked for base64", async () => {
    const change = (reply: JsonObject) => ({
      ...reply,
      data: asArray(reply["data"]).map((_, index) => ({ index, embedding: [0.5, -0.25] })),
    });
    answerWith(bench, { change });
    const model = "house/some-model";
    const reply = await openai.embeddings.create({ model, input: ["a", "b"] });
    expect(reply.data.map(({ embedding }) => embedding)).toEqual([
      [0.5, -0.25],
      [0.5, -0.25],
    ]);
    expect((await bench.lastDecision())["notices"]).toEqual([
      "converted:encoding_format",
      "unpriced:model",
    ]);
  });
});

function wide(size: number): number[] {
  return Array.from({ length: size }, (_, place) => place / 1024);
}
