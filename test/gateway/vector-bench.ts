// One gateway with a provider of each kind that makes vectors or rerankings, all of them served by one
// scripted upstream.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { ANY_MODEL, type VectorSpec, vectors } from "#support/upstream/upstream.ts";
import { CALLER_KEY, PROVIDER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

/** A target that makes vectors, and how its upstream is asked. */
export interface VectorVendor {
  readonly target: string;
  /** End of the path that the upstream sees. */
  readonly path: string;
  /** Inputs that it takes in one request. */
  readonly batch: number;
}

export const VECTOR_VENDORS: readonly VectorVendor[] = [
  { target: "oai/text-embedding-3-small", path: "/v1/embeddings", batch: 2048 },
  {
    target: "gem/gemini-embedding-001",
    path: "/models/gemini-embedding-001:batchEmbedContents",
    batch: 100,
  },
  { target: "coh/embed-v4.0", path: "/v2/embed", batch: 96 },
  { target: "voy/voyage-3.5", path: "/voyage/v1/embeddings", batch: 1000 },
  { target: "mis/codestral-embed", path: "/v1/embeddings", batch: 9_999 },
  { target: "jin/jina-embeddings-v3", path: "/v1/embeddings", batch: 2048 },
  { target: "oll/nomic-embed-text", path: "/api/embed", batch: 9_999 },
  {
    target: "bed/amazon.titan-embed-text-v2:0",
    path: "/model/amazon.titan-embed-text-v2%3A0/invoke",
    batch: 1,
  },
  {
    target: "bed/amazon.nova-2-multimodal-embeddings-v1:0",
    path: "/model/amazon.nova-2-multimodal-embeddings-v1%3A0/invoke",
    batch: 1,
  },
  {
    target: "bed/cohere.embed-english-v3",
    path: "/model/cohere.embed-english-v3/invoke",
    batch: 96,
  },
  { target: "ver/text-embedding-005", path: "/models/text-embedding-005:predict", batch: 250 },
  { target: "ver/gemini-embedding-2", path: "/models/gemini-embedding-2:embedContent", batch: 1 },
];

/** Starts gateway and upstream; every reply is a good one. */
export async function startVectorBench(models = ""): Promise<VendorBench> {
  const bench = await startVendorBench((origin) => documentFor(origin, models));
  bench.upstream.always(ANY_MODEL, vectors());
  return bench;
}

/** Forgets what was, and answers in this way from now on. */
export function answerWith(bench: VendorBench, spec: VectorSpec = {}): void {
  bench.upstream.clear();
  bench.upstream.always(ANY_MODEL, vectors(spec));
}

/** A call of the bench's caller. */
export async function post(
  bench: VendorBench,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: JsonObject }> {
  const reply = await fetch(`${bench.gateway.baseUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const { status, headers } = reply;
  return { status, headers, body: asObject(await reply.json()) ?? {} };
}

/** The vectors of a reply in OpenAI's form. */
export function vectorsOf(body: JsonObject): unknown[] {
  return asArray(body["data"]).map((entry) => asObject(entry)?.["embedding"]);
}

function documentFor(origin: string, models: string): string {
  const key = `api_key: ${PROVIDER_KEY}`;
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", ${key} }
  twin: { kind: openai, base_url: "${origin}/twin/v1", ${key} }
  house: { kind: openai-compatible, base_url: "${origin}/house/v1" }
  gem: { kind: gemini, base_url: "${origin}", ${key} }
  coh: { kind: cohere, base_url: "${origin}", ${key} }
  voy: { kind: voyage, base_url: "${origin}/voyage/v1", ${key} }
  mis: { kind: mistral, base_url: "${origin}", ${key} }
  jin: { kind: jina, base_url: "${origin}/v1", ${key} }
  oll: { kind: ollama, base_url: "${origin}" }
  bed: { kind: bedrock, base_url: "${origin}", region: eu-central-1, ${key} }
  ver: { kind: vertex, base_url: "${origin}", ${key} }
  ant: { kind: anthropic, base_url: "${origin}", ${key} }
tenants: { bench: {} }
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
prices:
  oai/*: { input: 1 }
  twin/*: { input: 1 }
  gem/*: { input: 1 }
  coh/*: { input: 1 }
  voy/*: { input: 1 }
  mis/*: { input: 1 }
  jin/*: { input: 1 }
  oll/*: { input: 1 }
  bed/*: { input: 1 }
  ver/*: { input: 1 }
${models}`;
}
