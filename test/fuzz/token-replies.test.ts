// Token services that answer anything at all: a token that can be sent, or a refusal, never anything else.

import { expect, test } from "bun:test";
import type { AwsLogin, EntraLogin } from "#core/login.ts";
import { Secret } from "#core/secret.ts";
import { awsSession } from "#providers/authorisation/aws-session.ts";
import { entraToken } from "#providers/authorisation/entra-token.ts";
import { LoginRefused, type TokenIo } from "#providers/authorisation/token-exchange.ts";
import { accountOf } from "#snapshot/google-account.ts";
import { seededRandom } from "#support/seeded-random.ts";

const SEED = Number(process.env["SLUICE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 3_000;

const GOOD = [
  '{"access_token":"ya29.token","expires_in":3599,"token_type":"Bearer"}',
  "<R><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s/+</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-22T13:00:00Z</Expiration></R>",
  '{"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-22T13:00:00Z"}',
  '{"type":"service_account","client_email":"a@b","private_key":"-----BEGIN PRIVATE KEY-----\\n","token_uri":"https://t"}',
  '{"type":"external_account","audience":"a","subject_token_type":"t","credential_source":{"file":"/x","format":{"type":"json"}}}',
];
const PIECES = [
  "null",
  "[]",
  "{}",
  '""',
  "-1e999",
  "\\u0000",
  "\r\n",
  "\ud800",
  "<",
  "]]>",
  "9".repeat(400),
];

const random = seededRandom(SEED);

/** A good answer with a few places damaged. */
function damaged(): string {
  let text = random.pick(GOOD);
  for (let cuts = random.below(5); cuts > 0; cuts -= 1) {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(20));
    text = text.slice(0, at) + (random.below(2) === 0 ? random.pick(PIECES) : "") + text.slice(end);
  }
  return text;
}

const ENTRA: EntraLogin = {
  by: "entra",
  tokenUrl: "https://login.example/token",
  clientId: "app",
  scope: "scope",
  clientSecret: new Secret("secret"),
  federatedTokenFile: undefined,
};
const SERVED: AwsLogin = {
  by: "aws",
  region: "eu-central-1",
  service: "bedrock",
  keys: undefined,
  role: undefined,
  keyServer: { url: "http://127.0.0.1/keys", token: undefined },
  stsUrl: "https://sts.example/",
};
const ROLE: AwsLogin = {
  ...SERVED,
  role: { arn: "a", sessionName: "s", externalId: undefined, webIdentityTokenFile: "/token" },
};

test(`${ROUNDS} damaged answers (SLUICE_FUZZ_SEED=${SEED}) give a sound token or a refusal`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = damaged();
    const io: TokenIo = {
      send: async () => ({ status: random.pick([200, 200, 200, 400, 500]), text }),
      file: async () => "web.token",
      now: () => Date.UTC(2026, 10, 22, 12),
    };
    for (const ask of [
      () => entraToken(ENTRA, io),
      () => awsSession(SERVED, io),
      () => awsSession(ROLE, io),
    ]) {
      const result = await ask().catch((error: unknown) => error);
      if (result instanceof LoginRefused) continue;
      expect(result).not.toBeInstanceOf(Error);
      const { value, expiresAtMs } = result as { value: unknown; expiresAtMs: number };
      expect(Number.isFinite(expiresAtMs)).toBe(true);
      const sent = typeof value === "string" ? [value] : Object.values(value as object);
      for (const each of sent) expect(each ?? "x").toMatch(/^[\x21-\x7e]+$/);
    }
    const { account, problem } = accountOf(text);
    expect(account === undefined).toBe(problem !== "");
  }
});
