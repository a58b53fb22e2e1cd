// One gateway with a provider of each kind, all of them served by one scripted upstream.

import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "#support/upstream/upstream.ts";

export const CALLER_KEY = "bench-caller-key-7c1e5a90d3f24b68";
export const PROVIDER_KEY = "bench-provider-key-93b0f7d2e6a84c15";

/** A provider of the bench with a model of its vendor. `dialect` is what the upstream is spoken to in. */
export const VENDORS = [
  { dialect: "openai-chat", provider: "oai", model: "gpt-4.1" },
  { dialect: "anthropic-messages", provider: "ant", model: "claude-sonnet-4-5" },
  { dialect: "gemini-generate", provider: "gem", model: "gemini-2.5-flash" },
] as const;

export type Vendor = (typeof VENDORS)[number];

export interface VendorBench {
  readonly gateway: GatewayProcess;
  readonly upstream: Upstream;
  /** The request that the upstream saw last. */
  lastRequest(): RecordedRequest;
  /** The record of the exchange that ended last. */
  lastDecision(): Promise<JsonObject>;
  stop(): Promise<void>;
}

/**
 * Starts both.
 * @param sections further top-level sections of the document, `models:` for example; or the whole
 *   document, made for the address of the upstream
 */
export async function startVendorBench(
  sections: string | ((origin: string) => string) = "",
): Promise<VendorBench> {
  const upstream = await startUpstream();
  const { origin } = upstream;
  try {
    const config = typeof sections === "string" ? documentFor(origin, sections) : sections(origin);
    const gateway = await startGateway({ config });
    return {
      gateway,
      upstream,
      lastRequest: () => lastOf(upstream),
      lastDecision: () => newestDecision(gateway),
      stop: async () => {
        await gateway.stop();
        await upstream.stop();
      },
    };
  } catch (error) {
    await upstream.stop();
    throw error;
  }
}

/**
 * Virtual models that are tried once, one for each vendor and status, so that no test meets the breaker
 * of another: `failing-oai-500` is `oai/failing-500`.
 */
export function failingModels(statuses: readonly number[]): string {
  return VENDORS.flatMap(({ provider }) =>
    statuses.map((status) => {
      const target = `${provider}/failing-${status}`;
      return `  failing-${provider}-${status}: { targets: [${target}], attempts: 1 }`;
    }),
  ).join("\n");
}

/** The name under which a caller reaches this model directly. */
export function direct({ provider, model }: Pick<Vendor, "provider" | "model">): string {
  return `${provider}/${model}`;
}

/** The JSON body that the upstream saw. */
export function sentBody(request: RecordedRequest): JsonObject {
  return asObject(request.json) ?? {};
}

/** Token counters of a record that are not zero. */
export function usageOf(decision: JsonObject): Record<string, unknown> {
  const usage = asObject(decision["usage"]) ?? {};
  return Object.fromEntries(
    Object.entries(usage).filter(([name, value]) => name.endsWith("_tokens") && value !== 0),
  );
}

/** `target` of a decision's last attempt. */
export function targetOf(decision: JsonObject): string {
  return asString(asObject(asArray(decision["attempts"]).at(-1))?.["target"]) ?? "";
}

function lastOf(upstream: Upstream): RecordedRequest {
  const last = upstream.requests.at(-1);
  if (last === undefined) throw new Error("The upstream saw no request.");
  return last;
}

async function newestDecision(gateway: GatewayProcess): Promise<JsonObject> {
  const page = asObject(await (await gateway.admin("/decisions?limit=1")).json());
  const newest = asObject(asArray(page?.["data"])[0]);
  if (newest === undefined) throw new Error("There is no decision record.");
  return newest;
}

function documentFor(origin: string, sections: string): string {
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: ${PROVIDER_KEY} }
  ant: { kind: anthropic, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
  gem: { kind: gemini, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
prices:
  oai/*: { input: 1, cache_read: 0.1, output: 4 }
  ant/*: { input: 1, cache_read: 0.1, cache_write_5m: 1.25, cache_write_1h: 2, output: 4 }
  gem/*: { input: 1, cache_read: 0.1, output: 4 }
${sections}
`;
}
