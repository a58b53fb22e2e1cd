// One gateway and one scripted upstream behind all providers, for recorded exchanges.

import { asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { startUpstream, type Upstream } from "#support/upstream/upstream.ts";
import type { CorpusDialect, Recording } from "./recordings.ts";

export const CALLER_KEY = "corpus-caller-key-51b7d0e3c9a24f86";
export const PROVIDER_KEY = "corpus-provider-key-2f8e4d6a9c1b7053";

/** The provider that speaks each dialect, by its name in the document. */
export const PROVIDERS: Readonly<Record<CorpusDialect, string>> = {
  "openai-chat": "house",
  "openai-responses": "maker",
  "anthropic-messages": "claude",
  "gemini-generate": "google",
};

export interface CorpusBench {
  readonly gateway: GatewayProcess;
  readonly upstream: Upstream;
  stop(): Promise<void>;
}

/** What came back from the gateway for one call. */
export interface ClientReply {
  readonly status: number;
  readonly text: string;
  readonly isStream: boolean;
  readonly headers: Headers;
}

/** Starts both; every recorded model is a virtual model of the same name, so that bodies go as recorded. */
export async function startCorpusBench(recordings: readonly Recording[]): Promise<CorpusBench> {
  const upstream = await startUpstream();
  try {
    const gateway = await startGateway({ config: documentFor(upstream.origin, recordings) });
    const stop = async () => {
      await gateway.stop();
      await upstream.stop();
    };
    return { gateway, upstream, stop };
  } catch (error) {
    await upstream.stop();
    throw error;
  }
}

/** Sends a body to the gateway as a client of that dialect does. */
export async function callGateway(
  gateway: GatewayProcess,
  { dialect, path, body }: Pick<Recording, "dialect" | "path" | "body">,
): Promise<ClientReply> {
  const credentials: Readonly<Record<CorpusDialect, Record<string, string>>> = {
    "openai-chat": { authorization: `Bearer ${CALLER_KEY}` },
    "openai-responses": { authorization: `Bearer ${CALLER_KEY}` },
    "anthropic-messages": { "x-api-key": CALLER_KEY, "anthropic-version": "2023-06-01" },
    "gemini-generate": { "x-goog-api-key": CALLER_KEY },
  };
  const reply = await fetch(`${gateway.baseUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...credentials[dialect] },
    body: JSON.stringify(body),
  });
  const type = reply.headers.get("content-type") ?? "";
  return {
    status: reply.status,
    text: await reply.text(),
    isStream: type.startsWith("text/event-stream"),
    headers: reply.headers,
  };
}

/** The usage of the decision record that belongs to a reply. */
export async function recordedUsage(
  gateway: GatewayProcess,
  reply: ClientReply,
): Promise<JsonObject> {
  const decision = await gateway.decision(reply.headers.get("x-sluice-decision") ?? "");
  return asObject(decision["usage"]) ?? {};
}

function documentFor(origin: string, recordings: readonly Recording[]): string {
  const names = new Map(recordings.map(({ model, dialect }) => [model, dialect]));
  const models = [...names].map(
    ([model, dialect]) =>
      `  ${JSON.stringify(model)}: { targets: [${JSON.stringify(`${PROVIDERS[dialect]}/${model}`)}], attempts: 1 }`,
  );
  return `version: 1
providers:
  house: { kind: openai-compatible, base_url: ${origin}/v1, api_key: ${PROVIDER_KEY} }
  maker: { kind: openai, base_url: ${origin}/v1, api_key: ${PROVIDER_KEY} }
  claude: { kind: anthropic, base_url: ${origin}, api_key: ${PROVIDER_KEY} }
  google: { kind: gemini, base_url: ${origin}, api_key: ${PROVIDER_KEY} }
models:
${models.join("\n")}
tenants:
  corpus: {}
keys:
  - { name: corpus, tenant: corpus, value: ${CALLER_KEY} }
unpriced_models: allow
`;
}
