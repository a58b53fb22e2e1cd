// One gateway in front of the scripted upstream, for the operations beside conversations: what the
// official client sends and gets, what the upstream saw, what was written down.

import OpenAI from "openai";
import { asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "#support/upstream/upstream.ts";

export const CALLER_KEY = "operations-caller-key-5d1f7b3a9c0e";
export const PROVIDER_KEY = "operations-provider-key-e0c9a3b7f1d5";

export interface OperationsBench {
  readonly gateway: GatewayProcess;
  readonly upstream: Upstream;
  readonly openai: OpenAI;
  lastRequest(): RecordedRequest;
  /** The record of a call, by a header of its answer. */
  recordOf(headers: Headers): Promise<JsonObject>;
  stop(): Promise<void>;
}

/** @param sections further top-level sections, `ORIGIN` standing for the upstream's address */
export async function startOperationsBench(sections = ""): Promise<OperationsBench> {
  const upstream = await startUpstream();
  const config = DOCUMENT.replace("SECTIONS", sections).replaceAll("ORIGIN", upstream.origin);
  const gateway = await startGateway({ config }).catch(async (error: unknown) => {
    await upstream.stop();
    throw error;
  });
  return {
    gateway,
    upstream,
    openai: new OpenAI({ apiKey: CALLER_KEY, baseURL: `${gateway.baseUrl}/v1`, maxRetries: 0 }),
    lastRequest: () => {
      const last = upstream.requests.at(-1);
      if (last === undefined) throw new Error("The upstream saw no request.");
      return last;
    },
    recordOf: async (headers) => {
      const id = headers.get("x-sluice-decision") ?? "";
      return (await recordWhenEnded(gateway, id)) ?? {};
    },
    stop: async () => {
      await gateway.stop();
      await upstream.stop();
    },
  };
}

const DOCUMENT = `version: 1
providers:
  oai: { kind: openai, base_url: "ORIGIN/v1", api_key: ${PROVIDER_KEY} }
  spare: { kind: openai-compatible, base_url: "ORIGIN/v1", api_key: ${PROVIDER_KEY} }
  patient: { kind: openai, base_url: "ORIGIN/v1", api_key: ${PROVIDER_KEY}, on_disconnect: drain }
  house: { kind: openai-compatible, base_url: "ORIGIN/v1" }
prices: { house/*: { input: 0, output: 0 } }
models:
  pictures: { targets: [oai/gpt-image-1, spare/gpt-image-1] }
  ears: { targets: [oai/gpt-4o-transcribe, spare/whisper-large] }
tenants: { acme: {} }
keys:
  - { name: tests, tenant: acme, value: ${CALLER_KEY} }
SECTIONS
`;

async function recordWhenEnded(
  gateway: GatewayProcess,
  id: string,
): Promise<JsonObject | undefined> {
  for (;;) {
    const reply = await gateway.admin(`/decisions/${encodeURIComponent(id)}`);
    if (reply.status === 200) return asObject(await reply.json());
    if (reply.status !== 404) throw new Error(`The admin API answered ${reply.status}.`);
  }
}
