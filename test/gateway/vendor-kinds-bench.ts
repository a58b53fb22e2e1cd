// A gateway with providers of the vendors that imitate OpenAI, and of those with an API of their own.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import { CALLER_KEY, PROVIDER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

/** Starts the bench; every provider has the name of its kind. */
export function startVendorKinds(models = ""): Promise<VendorBench> {
  return startVendorBench(
    (origin) => `version: 1
providers:
  mistral: { kind: mistral, base_url: ${origin}/v1, api_key: ${PROVIDER_KEY} }
  cohere: { kind: cohere, base_url: ${origin}, api_key: ${PROVIDER_KEY} }
  groq: { kind: groq, base_url: ${origin}, api_key: ${PROVIDER_KEY} }
  deepseek: { kind: deepseek, base_url: ${origin}, api_key: ${PROVIDER_KEY} }
  openrouter: { kind: openrouter, base_url: ${origin}/api/v1, api_key: ${PROVIDER_KEY} }
  ollama: { kind: ollama, base_url: ${origin} }
  oai: { kind: openai, base_url: ${origin}/v1, api_key: ${PROVIDER_KEY} }
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
unpriced_models: allow
${models}
`,
  );
}

/** The messages of the request that the upstream saw last. */
export function lastMessages(bench: VendorBench): JsonObject[] {
  const body = asObject(bench.lastRequest().json);
  return asArray(body?.["messages"]).map((message) => asObject(message) ?? {});
}

/** Notices of the exchange that ended last, sorted, without the one about prices that all get here. */
export async function lastNotices(bench: VendorBench): Promise<string[]> {
  const { notices } = await bench.lastDecision();
  return asArray(notices)
    .map(String)
    .filter((notice) => notice !== "unpriced:model")
    .sort();
}
