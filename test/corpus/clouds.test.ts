// What was recorded at clouds, through providers that are clouds: the client asks as it would ask the model's
// maker, the upstream sees the cloud's path and the recorded body, reply and usage come back as recorded.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import {
  type RecordedReply,
  replay,
  startUpstream,
  type Upstream,
} from "#support/upstream/upstream.ts";
import { eventsOf } from "./oracle/events.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";

const CALLER_KEY = "corpus-clouds-key-7e1d5b0f9a3c8642";
const ROOT = join(process.env["SLUICE_CORPUS"] ?? "", "exchanges");
const FOLDERS = [
  "vertex-generate",
  "vertex-stream-generate",
  "vertex-count-tokens",
  "azure-openai-responses",
  "bedrock-responses",
];
const PLACE = /\/projects\/[^/]+\/locations\/[^/]+\//;

interface Exchange {
  readonly name: string;
  /** The path at the cloud, with the project and location of this test. */
  readonly target: string;
  readonly body: JsonObject;
  readonly reply: RecordedReply;
}

function exchanges(folder: string): Exchange[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .flatMap((file) => {
      const { request, response } = JSON.parse(readFileSync(join(path, file), "utf8"));
      const body = asObject(request.body.json);
      if (body === undefined) return [];
      const target = request.path.replace(PLACE, "/projects/house/locations/europe-west4/");
      return [{ name: `${folder}/${file}`, target, body, reply: response as RecordedReply }];
    });
}

/** What a client sends for it. */
function asked({ name, target, body }: Exchange): {
  readonly path: string;
  readonly body: JsonObject;
} {
  const inPath = /\/models\/(?<model>[^:]+):(?<rest>.+)$/.exec(target)?.groups;
  if (inPath !== undefined) {
    return { path: `/v1beta/models/vertex/${inPath["model"]}:${inPath["rest"]}`, body };
  }
  const provider = name.startsWith("azure") ? "azure" : "mantle";
  return { path: "/v1/responses", body: { ...body, model: `${provider}/${body["model"]}` } };
}

if (!hasCorpus) console.warn(NO_CORPUS);

describe.skipIf(!hasCorpus)("exchanges recorded at clouds", () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    upstream = await startUpstream();
    const { origin } = upstream;
    gateway = await startGateway({
      config: `version: 1
providers:
  vertex: { kind: vertex, project: house, location: europe-west4, base_url: ${origin}, google: { access_token: ya29.corpus-token } }
  azure: { kind: azure-openai, base_url: ${origin}, api_key: azure-corpus-key-0123 }
  mantle: { kind: bedrock-mantle, region: us-east-2, base_url: ${origin}, api_key: bedrock-corpus-key-0123 }
tenants: { corpus: {} }
keys:
  - { name: corpus, tenant: corpus, value: ${CALLER_KEY} }
unpriced_models: allow
`,
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await upstream?.stop();
  });

  async function faultsOf(exchange: Exchange): Promise<string[]> {
    upstream.clear();
    upstream.always("*", replay(exchange.reply));
    const { path, body } = asked(exchange);
    const reply = await fetch(gateway.baseUrl + path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": CALLER_KEY },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    const [seen] = upstream.requests;
    if (seen === undefined) return [`never reached the upstream: ${reply.status} ${text}`];
    const faults: string[] = [];
    if (seen.target !== exchange.target) faults.push(`the upstream saw path ${seen.target}`);
    if (!isDeepStrictEqual(seen.json, exchange.body)) {
      faults.push(`the upstream saw ${JSON.stringify(seen.json).slice(0, 400)}`);
    }
    if (reply.status !== exchange.reply.status) faults.push(`${reply.status} ${text}`);
    const recorded = exchange.reply.body;
    const isEqual =
      recorded.text === undefined
        ? isDeepStrictEqual(JSON.parse(text), recorded.json)
        : isDeepStrictEqual(eventsOf(text), eventsOf(recorded.text));
    return isEqual ? faults : [...faults, `another reply: ${text.slice(0, 400)}`];
  }

  for (const folder of FOLDERS) {
    test(`${folder}: path, request and reply are as recorded`, async () => {
      const all = exchanges(folder);
      const faults: string[] = [];
      for (const exchange of all)
        for (const fault of await faultsOf(exchange)) faults.push(`${exchange.name}: ${fault}`);
      console.log(`${folder}: ${all.length} recordings, ${faults.length} differences`);
      expect(faults).toEqual([]);
      expect(all.length).toBeGreaterThan(0);
    }, 60_000);
  }
});
