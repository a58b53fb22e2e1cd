// Vendors of vectors and rerankings, by their paths: each input has a vector of its own that tells which
// input it came from, so that a test sees every mix-up.

import { asArray, asObject, asString, type Json, type JsonObject } from "#core/json.ts";
import type { Behaviour } from "../behaviour.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import { verbatim } from "./failures.ts";

const USUAL_SIZE = 4;

/** The vector of an input: 32-bit floats hold its numbers exactly. */
export function vectorOfText(text: string, size = USUAL_SIZE): number[] {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 4096;
  return Array.from({ length: size }, (_, place) => (sum + place) / 1024 - 2);
}

/** Tokens of an input: its words. */
export function tokensOfText(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** What may be told otherwise than vendors do. */
export interface VectorSpec {
  /** False: the reply tells no usage. */
  readonly tellsUsage?: boolean;
  /** Changes the whole reply before it is sent. */
  readonly change?: (reply: JsonObject) => JsonObject;
}

/** Answers embedding and reranking calls in the form of the vendor whose path it is. */
export function vectors(spec: VectorSpec = {}): Behaviour {
  return (request, reply) => {
    const written = replyTo(request, spec.tellsUsage ?? true);
    if (written === undefined) {
      return verbatim({ status: 404, body: '{"message":"No such path."}' })(request, reply);
    }
    const { body, headers = [] } = written;
    const changed = spec.change?.(body) ?? body;
    return verbatim({ status: 200, headers, body: JSON.stringify(changed) })(request, reply);
  };
}

interface Written {
  readonly body: JsonObject;
  readonly headers?: readonly (readonly [string, string])[];
}

function replyTo(request: RecordedRequest, tellsUsage: boolean): Written | undefined {
  const path = request.target.split("?")[0] ?? "";
  const body = asObject(request.json) ?? {};
  if (path.endsWith("/rerank")) return { body: rankings(path, body, tellsUsage) };
  if (path.endsWith("/v2/embed")) return { body: cohere(body, tellsUsage) };
  if (path.endsWith("/api/embed")) return { body: ollama(body, tellsUsage) };
  if (path.endsWith("/invoke")) return bedrock(body, tellsUsage);
  if (path.endsWith(":predict")) return { body: predictions(body, tellsUsage) };
  if (path.endsWith(":embedContent") || path.endsWith(":batchEmbedContents")) {
    return { body: gemini(body, tellsUsage) };
  }
  return path.endsWith("/embeddings") ? { body: list(path, body, tellsUsage) } : undefined;
}

/** OpenAI, Voyage, Mistral, Jina and all imitators. */
function list(path: string, body: JsonObject, tellsUsage: boolean): JsonObject {
  const inputs = textsOf(body["input"]);
  const size = Number(body["dimensions"] ?? body["output_dimension"] ?? USUAL_SIZE);
  const isBase64 = body["encoding_format"] === "base64" || body["embedding_type"] === "base64";
  const data = inputs.map((text, index) => {
    const vector = vectorOfText(text, size);
    const embedding = isBase64
      ? Buffer.from(new Float32Array(vector).buffer).toString("base64")
      : vector;
    return { object: "embedding", index, embedding };
  });
  const tokens = sumOf(inputs);
  // Voyage tells the total alone.
  const prompt = path.startsWith("/voyage") ? {} : { prompt_tokens: tokens };
  const usage = tellsUsage ? { usage: { ...prompt, total_tokens: tokens } } : {};
  return { object: "list", data, model: asString(body["model"]) ?? "", ...usage };
}

function cohere(body: JsonObject, tellsUsage: boolean): JsonObject {
  const mixed = asArray(body["inputs"]).map((input) =>
    asArray(asObject(input)?.["content"]).map(textIn).join("+"),
  );
  const images = asArray(body["images"]).map(String);
  const texts = [...asArray(body["texts"]).map(String), ...mixed, ...images];
  const [type = "float"] = asArray(body["embedding_types"]).map(String);
  const size = Number(body["output_dimension"] ?? USUAL_SIZE);
  const values = texts.map((text): Json => {
    const vector = vectorOfText(text, size);
    return type === "base64"
      ? Buffer.from(new Float32Array(vector).buffer).toString("base64")
      : vector;
  });
  const billed = { input_tokens: sumOf(texts), image_tokens: 0 };
  return {
    id: "emb-1",
    embeddings: { [type]: values },
    texts,
    ...(tellsUsage && { meta: { api_version: { version: "2" }, billed_units: billed } }),
    response_type: "embeddings_by_type",
  };
}

function ollama(body: JsonObject, tellsUsage: boolean): JsonObject {
  const inputs = textsOf(body["input"]);
  const size = Number(body["dimensions"] ?? USUAL_SIZE);
  const embeddings = inputs.map((text) => vectorOfText(text, size));
  const told = tellsUsage ? { prompt_eval_count: sumOf(inputs) } : {};
  return { model: asString(body["model"]) ?? "", embeddings, total_duration: 1, ...told };
}

function bedrock(body: JsonObject, tellsUsage: boolean): Written {
  const head = (tokens: number) =>
    tellsUsage ? ([["x-amzn-bedrock-input-token-count", String(tokens)]] as const) : [];
  const nova = asObject(body["singleEmbeddingParams"]);
  if (nova !== undefined) {
    const text = asString(asObject(nova["text"])?.["value"]) ?? "image";
    const size = Number(nova["embeddingDimension"] ?? USUAL_SIZE);
    const embeddings = [{ embeddingType: "TEXT", embedding: vectorOfText(text, size) }];
    return { body: { embeddings }, headers: head(tokensOfText(text)) };
  }
  if (body["texts"] !== undefined) {
    const texts = asArray(body["texts"]).map(String);
    const embeddings = texts.map((text) => vectorOfText(text));
    const type = "embeddings_floats";
    return { body: { id: "1", embeddings, response_type: type }, headers: head(sumOf(texts)) };
  }
  const text = asString(body["inputText"]) ?? "";
  const embedding = vectorOfText(text, Number(body["dimensions"] ?? USUAL_SIZE));
  const told = tellsUsage ? { inputTextTokenCount: tokensOfText(text) } : {};
  return { body: { embedding, ...told } };
}

function predictions(body: JsonObject, tellsUsage: boolean): JsonObject {
  const size = Number(asObject(body["parameters"])?.["outputDimensionality"] ?? USUAL_SIZE);
  return {
    predictions: asArray(body["instances"]).map((instance) => {
      const text = asString(asObject(instance)?.["content"]) ?? "";
      const statistics = tellsUsage ? { token_count: tokensOfText(text), truncated: false } : {};
      return { embeddings: { statistics, values: vectorOfText(text, size) } };
    }),
  };
}

function gemini(body: JsonObject, tellsUsage: boolean): JsonObject {
  const isBatch = body["requests"] !== undefined;
  const requests = isBatch ? asArray(body["requests"]) : [body];
  const texts = requests.map((request) =>
    asArray(asObject(asObject(request)?.["content"])?.["parts"])
      .map(textIn)
      .join("+"),
  );
  const made = requests.map((request, index) => {
    const config = asObject(asObject(request)?.["embedContentConfig"]) ?? asObject(request);
    const size = Number(config?.["outputDimensionality"] ?? USUAL_SIZE);
    return { values: vectorOfText(texts[index] ?? "", size) };
  });
  const told = tellsUsage ? { usageMetadata: { promptTokenCount: sumOf(texts) } } : {};
  return isBatch ? { embeddings: made, ...told } : { embedding: made[0] ?? {}, ...told };
}

/** Documents in reverse, each a little less relevant than the one before. */
function rankings(path: string, body: JsonObject, tellsUsage: boolean): JsonObject {
  const documents = asArray(body["documents"]).map(textIn);
  const count = Number(body["top_n"] ?? body["top_k"] ?? documents.length);
  const results = documents
    .map((text, index) => ({ index, relevance_score: (index + 1) / documents.length, text }))
    .reverse()
    .slice(0, count)
    .map(({ text, ...result }) =>
      body["return_documents"] === true
        ? { ...result, document: path.startsWith("/voyage") ? text : { text } }
        : result,
    );
  const tokens = sumOf(documents);
  if (path.endsWith("/v2/rerank")) {
    return {
      id: "r-1",
      results,
      ...(tellsUsage && { meta: { billed_units: { search_units: 1 } } }),
    };
  }
  const told = tellsUsage ? { usage: { total_tokens: tokens } } : {};
  const named = { model: asString(body["model"]) ?? "", object: "list", ...told };
  return path.startsWith("/voyage") ? { ...named, data: results } : { ...named, results };
}

function textsOf(input: Json | undefined): string[] {
  return Array.isArray(input) ? input.map(textIn) : [textIn(input)];
}

function textIn(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return asString(asObject(value)?.["text"]) ?? JSON.stringify(value ?? null);
}

function sumOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + tokensOfText(text), 0);
}
