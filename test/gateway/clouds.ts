// A gateway whose providers are clouds, with the token services that they log in at.

import { afterAll, beforeAll } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { startUpstream, type Upstream } from "#support/upstream/upstream.ts";

export const CALLER_KEY = "clouds-caller-key-5d1f0b7a9c3e4826";
export const BEDROCK_KEY = "ABSK-bedrock-api-key-0a1b2c3d4e5f";
export const AZURE_KEY = "azure-api-key-9f8e7d6c5b4a3210";
export const CLIENT_SECRET = "entra~client~secret~0123456789";
export const AWS_KEYS = {
  accessKeyId: "AKIACLOUDS0000000001",
  secretAccessKey: "aws/secret+access/key/0123456789abcdef0123",
} as const;
export const SESSION = {
  accessKeyId: "ASIACLOUDS0000000002",
  secretAccessKey: "aws/session+secret/0123456789abcdef012345",
  sessionToken: "FwoGZXIvYXdzEClouds//////////session+token/0123456789==",
} as const;

/** Every secret that the providers hold or are given. */
export const SECRETS: readonly string[] = [
  BEDROCK_KEY,
  AZURE_KEY,
  CLIENT_SECRET,
  ...Object.values(AWS_KEYS),
  ...Object.values(SESSION),
];

const ROLE = "arn:aws:iam::123456789012:role/models";

/** The running parts. */
export class CloudBench {
  readonly account = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  #folder = "";
  #upstream: Upstream | undefined;
  #logins: Upstream | undefined;
  #gateway: GatewayProcess | undefined;

  get upstream(): Upstream {
    if (this.#upstream === undefined) throw new Error("The bench is not started.");
    return this.#upstream;
  }

  /** What hands out tokens; every request to it is answered by what is scripted for `*`. */
  get logins(): Upstream {
    if (this.#logins === undefined) throw new Error("The bench is not started.");
    return this.#logins;
  }

  get gateway(): GatewayProcess {
    if (this.#gateway === undefined) throw new Error("The bench is not started.");
    return this.#gateway;
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "sluice-clouds-"));
    this.#upstream = await startUpstream();
    this.#logins = await startUpstream();
    await this.writeToken("first.web.token");
    const account = {
      type: "service_account",
      project_id: "house",
      private_key_id: "k1",
      private_key: this.account.privateKey,
      client_email: "robot@house.iam.gserviceaccount.com",
    };
    await writeFile(join(this.#folder, "account.json"), JSON.stringify(account));
    this.#gateway = await startGateway({
      config: this.#document(),
      env: { AWS_SECRET_ACCESS_KEY: AWS_KEYS.secretAccessKey, AZURE_CLIENT_SECRET: CLIENT_SECRET },
    });
  }

  /** Rewrites the file that web identities are read from. */
  async writeToken(text: string): Promise<void> {
    await writeFile(join(this.#folder, "token"), `${text}\n`);
  }

  /** Forgets requests and scripts, and every token that the gateway holds. */
  async forget(): Promise<void> {
    this.upstream.clear();
    this.logins.clear();
    await this.gateway.restart("SIGKILL");
  }

  /** Changes the document and waits until the change is in force. */
  async reload(change: (text: string) => string): Promise<void> {
    const { gateway } = this;
    const before = inForce(gateway);
    await gateway.writeConfig(change(await readFile(gateway.configPath, "utf8")));
    gateway.kill("SIGHUP");
    while (inForce(gateway) === before) await fetch(`${gateway.baseUrl}/healthz`);
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop();
    await this.#upstream?.stop();
    await this.#logins?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Calls the gateway as a caller would. */
  post(path: string, body: object): Promise<Response> {
    return fetch(this.gateway.baseUrl + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${CALLER_KEY}` },
      body: JSON.stringify(body),
    });
  }

  /** The plainest chat call. */
  chat(model: string, extra: object = {}): Promise<Response> {
    const messages = [{ role: "user", content: "Hello." }];
    return this.post("/v1/chat/completions", { model, messages, ...extra });
  }

  #document(): string {
    const file = (name: string) => `"\${file:${join(this.#folder, name)}}"`;
    const { accessKeyId } = AWS_KEYS;
    const keys = `access_key_id: ${accessKeyId}, secret_access_key: "\${env:AWS_SECRET_ACCESS_KEY}"`;
    const bedrock = "kind: bedrock, region: eu-central-1, base_url: ORIGIN";
    const client = `tenant_id: house, client_id: app, authority: "LOGINS"`;
    const secret = `client_secret: "\${env:AZURE_CLIENT_SECRET}"`;
    const text = `version: 1
providers:
  vertex: { kind: vertex, location: europe-west4, base_url: ORIGIN, google: { service_account: ${file("account.json")}, token_url: LOGINS/token } }
  express: { kind: vertex, base_url: ORIGIN/v1beta1, api_key: AQ.express-key-0123456789 }
  azure: { kind: azure-openai, base_url: ORIGIN/openai/v1/, entra: { ${client}, ${secret} }, deployments: { mine: gpt-4.1 } }
  azure-workload: { kind: azure-openai, base_url: ORIGIN, entra: { ${client}, federated_token_file: ${join(this.#folder, "token")} } }
  azure-two: { kind: azure-openai, base_url: ORIGIN, api_keys: [{ id: login, weight: 1000000, entra: { ${client}, ${secret} } }, { id: key, weight: 0.000001, value: ${AZURE_KEY} }] }
  azure-dated: { kind: azure-openai, base_url: ORIGIN, api_key: ${AZURE_KEY}, api_version: 2024-10-21 }
  bedrock: { ${bedrock}, aws: { ${keys} } }
  bedrock-role: { ${bedrock}, aws: { ${keys}, role_arn: "${ROLE}", external_id: house-7, sts_url: LOGINS/sts } }
  bedrock-web: { ${bedrock}, aws: { role_arn: "${ROLE}", web_identity_token_file: ${join(this.#folder, "token")}, sts_url: LOGINS/sts } }
  bedrock-server: { ${bedrock}, aws: { credentials_url: LOGINS/keys, credentials_token: pod-token-0123456789 } }
  bedrock-key: { ${bedrock}, api_key: ${BEDROCK_KEY} }
  bedrock-two: { ${bedrock}, api_keys: [{ id: wrong, weight: 1000000, value: bedrock-wrong-key-1 }, { id: right, weight: 0.000001, aws: { ${keys} } }] }
  spare: { kind: openai, base_url: ORIGIN/v1, api_key: spare-key-0123456789 }
models:
  safe: { targets: [vertex/gemini-safe, spare/spare], attempts: 2 }
  patient: { targets: [vertex/gemini-patient], attempts: 12 }
  either: { targets: [azure-two/mine], attempts: 2 }
  two: { targets: [bedrock-two/amazon.nova-two-v1:0], attempts: 2 }
tenants: { acme: {} }
keys:
  - { name: tests, tenant: acme, value: ${CALLER_KEY} }
prices:
  spare/*: { input: 1, output: 1 }
`;
    return text.replaceAll("ORIGIN", this.upstream.origin).replaceAll("LOGINS", this.logins.origin);
  }
}

/** How many documents came into force so far. */
function inForce({ stdout, stderr }: GatewayProcess): number {
  return `${stdout}${stderr}`.split('"configuration in force"').length;
}

/** A bench that starts before the tests of this file and stops after them. */
export function cloudBench(): CloudBench {
  const bench = new CloudBench();
  beforeAll(() => bench.start());
  afterAll(() => bench.stop());
  return bench;
}
