// Logins of clouds: what is missing, what excludes what, what a document sent by API must not hold.

import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { CATALOGUE } from "#providers/catalog/catalogue.ts";
import type { DocumentOrigin } from "../document/references.ts";
import {
  sampleCompile,
  sampleErrors,
  sampleReferences,
  sampleSnapshot,
} from "../sample-compile.ts";

const PEM = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
}).privateKey;
const ACCOUNT = {
  type: "service_account",
  project_id: "house-project",
  private_key_id: "k1",
  private_key: PEM,
  client_email: "robot@house-project.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
};
const WORKLOAD = {
  type: "external_account",
  audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/o",
  subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
  token_url: "https://sts.googleapis.com/v1/token",
  credential_source: { file: "/var/run/token", format: { type: "text" } },
};
const references = sampleReferences(
  { AWS_SECRET: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
  {
    "/account.json": JSON.stringify(ACCOUNT, null, 2),
    "/no-key.json": JSON.stringify({ ...ACCOUNT, private_key: "-----BEGIN nothing" }),
    "/inside.json": JSON.stringify({ ...ACCOUNT, token_uri: "http://169.254.169.254/token" }),
    "/workload.json": JSON.stringify(WORKLOAD),
    "/fetched.json": JSON.stringify({ ...WORKLOAD, credential_source: { url: "http://x" } }),
    "/lent.json": JSON.stringify({
      ...WORKLOAD,
      service_account_impersonation_url: "http://169.254.169.254/x",
    }),
    "/user.json": JSON.stringify({
      type: "authorized_user",
      client_id: "c",
      client_secret: "s",
      refresh_token: "r",
    }),
  },
);

function codes(provider: string, origin: DocumentOrigin = { kind: "file", path: "x" }): string[] {
  return sampleErrors(`providers:\n  a: { ${provider} }`, { origin, references }).map(
    ({ code, path }) => `${code} ${path}`,
  );
}

function entry(provider: string) {
  const snapshot = sampleSnapshot(`providers:\n  a: { ${provider} }`, { references });
  return snapshot.providers.get("a");
}

/** A reference to a file, quoted. */
const file = (path: string) => `"\${file:${path}}"`;

const BEDROCK = "kind: bedrock, region: eu-central-1";
const KEYS = "access_key_id: AKIAX, secret_access_key: secret-1";
const ROLE = "role_arn: 'arn:aws:iam::123456789012:role/models'";
const VERTEX = "kind: vertex, project: p";
const AZURE = "kind: azure-openai, resource: house";
const CLIENT = "tenant_id: t, client_id: c";

describe("AWS", () => {
  test.each([
    [`${BEDROCK}`, ["missing_key providers.a"]],
    ["kind: bedrock, api_key: bedrock-key-1", ["missing_key providers.a"]],
    [`${BEDROCK}, api_key: bedrock-key-1`, []],
    [`${BEDROCK}, aws: { ${KEYS} }`, []],
    [`${BEDROCK}, aws: {}`, ["missing_key providers.a.aws"]],
    [`${BEDROCK}, aws: { access_key_id: AKIAX }`, ["missing_key providers.a.aws"]],
    [
      `${BEDROCK}, aws: { ${KEYS}, session_token: 'two words' }`,
      ["weak_secret providers.a.aws.session_token"],
    ],
    [`${BEDROCK}, aws: { ${KEYS}, ${ROLE}, external_id: house }`, []],
    [`${BEDROCK}, aws: { ${ROLE}, web_identity_token_file: /var/token }`, []],
    [`${BEDROCK}, aws: { ${ROLE} }`, ["missing_key providers.a.aws"]],
    [
      `${BEDROCK}, aws: { ${ROLE}, web_identity_token_file: token }`,
      ["invalid_value providers.a.aws.web_identity_token_file"],
    ],
    [`${BEDROCK}, aws: { role_arn: models, ${KEYS} }`, ["invalid_value providers.a.aws.role_arn"]],
    [
      `${BEDROCK}, aws: { ${KEYS}, ${ROLE}, web_identity_token_file: /t }`,
      ["conflict providers.a.aws.web_identity_token_file"],
    ],
    [`${BEDROCK}, aws: { credentials_url: 'http://127.0.0.1:1338/x' }`, []],
    [
      `${BEDROCK}, aws: { credentials_url: 'http://169.254.170.2/x' }`,
      ["forbidden_address providers.a.aws.credentials_url"],
    ],
    [
      `${BEDROCK}, aws: { credentials_url: 'http://[fe80::1]/x' }`,
      ["forbidden_address providers.a.aws.credentials_url"],
    ],
    [
      `${BEDROCK}, aws: { ${KEYS}, credentials_url: 'http://127.0.0.1/x' }`,
      ["conflict providers.a.aws.credentials_url"],
    ],
    [
      `${BEDROCK}, aws: { ${KEYS}, credentials_token: t }`,
      ["conflict providers.a.aws.credentials_token"],
    ],
    [`${BEDROCK}, aws: { ${KEYS}, sts_url: ftp://x }`, ["invalid_value providers.a.aws.sts_url"]],
    [
      `${BEDROCK}, aws: { ${KEYS}, sts_url: 'http://sts.example' }`,
      ["invalid_value providers.a.aws.sts_url"],
    ],
    [`${BEDROCK}, aws: { credentials_url: 'http://sidecar:1338/x' }`, []],
    [`${BEDROCK}, api_key: k-1, aws: { ${KEYS} }`, ["conflict providers.a.aws"]],
    [`${BEDROCK}, google: { access_token: t }`, ["conflict providers.a.google"]],
    [
      "kind: openai, api_key: sk-real-1, aws: { access_key_id: a }",
      ["conflict providers.a.aws", "conflict providers.a.aws"],
    ],
    ["kind: openai, api_key: sk-real-1, region: eu-central-1", ["conflict providers.a.region"]],
    [`kind: bedrock, region: 'eu/../x', aws: { ${KEYS} }`, ["invalid_value providers.a.region"]],
  ])("%s", (provider, expected) => {
    expect(codes(provider)).toEqual(expected);
  });

  test("several credentials may be keys and logins", () => {
    const several = `api_keys: [{ id: a, value: bedrock-key-1 }, { id: b, weight: 2, aws: { ${KEYS} } }]`;
    expect(codes(`${BEDROCK}, ${several}`)).toEqual([]);
    expect(entry(`${BEDROCK}, ${several}`)?.credentials).toMatchObject([
      { id: "a", weight: 1 },
      { id: "b", weight: 2, login: { by: "aws", region: "eu-central-1", service: "bedrock" } },
    ]);
    expect(codes(`${BEDROCK}, api_keys: [{ id: a }]`)).toEqual([
      "missing_key providers.a.api_keys[0]",
    ]);
    expect(codes(`${BEDROCK}, api_keys: [{ id: a, value: k-1, aws: { ${KEYS} } }]`)).toEqual([
      "conflict providers.a.api_keys[0]",
    ]);
  });

  test("addresses follow the region unless the document names them", () => {
    const login = `aws: { ${KEYS}, ${ROLE} }`;
    expect(entry(`${BEDROCK}, ${login}`)).toMatchObject({
      baseUrl: "https://bedrock-runtime.eu-central-1.amazonaws.com",
      credentials: [{ login: { stsUrl: "https://sts.eu-central-1.amazonaws.com/" } }],
    });
    expect(entry(`${BEDROCK}, base_url: 'https://vpce-1.example/', ${login}`)?.baseUrl).toBe(
      "https://vpce-1.example",
    );
  });
});

describe("Google", () => {
  test.each([
    [`${VERTEX}, google: {}`, ["missing_key providers.a.google"]],
    [`${VERTEX}, google: { access_token: ya29.x }`, []],
    ["kind: vertex, google: { access_token: ya29.x }", ["missing_key providers.a"]],
    ["kind: vertex, api_key: AQ.express-key", []],
    [`kind: vertex, google: { service_account: ${file("/account.json")} }`, []],
    [`${VERTEX}, google: { service_account: ${file("/user.json")} }`, []],
    [
      `${VERTEX}, google: { service_account: "{}" }`,
      ["invalid_value providers.a.google.service_account"],
    ],
    [
      `${VERTEX}, google: { service_account: "not json" }`,
      ["invalid_value providers.a.google.service_account"],
    ],
    [
      `${VERTEX}, google: { service_account: ${file("/no-key.json")} }`,
      ["invalid_value providers.a.google.service_account"],
    ],
    [
      `${VERTEX}, google: { service_account: ${file("/inside.json")} }`,
      ["forbidden_address providers.a.google.service_account"],
    ],
    [
      `${VERTEX}, google: { service_account: ${file("/account.json")}, access_token: t }`,
      ["conflict providers.a.google.access_token"],
    ],
    ["kind: vertex, project: 'a/b', api_key: k-1", ["invalid_value providers.a.project"]],
    [
      "kind: vertex, location: 'evil.example/', api_key: k-1",
      ["invalid_value providers.a.location"],
    ],
  ])("%s", (provider, expected) => {
    expect(codes(provider)).toEqual(expected);
  });

  test("a service account brings its project along", () => {
    const login = `google: { service_account: ${file("/account.json")} }`;
    expect(entry(`kind: vertex, ${login}`)?.settings).toEqual({
      project: "house-project",
      location: "global",
    });
    expect(entry(`${VERTEX}, location: us, ${login}`)).toMatchObject({
      baseUrl: "https://aiplatform.us.rep.googleapis.com",
      settings: { project: "p", location: "us" },
    });
  });
});

describe("Entra ID", () => {
  test.each([
    [`${AZURE}`, ["missing_key providers.a"]],
    [`${AZURE}, api_key: azure-key-1`, []],
    ["kind: azure-openai, api_key: azure-key-1", ["missing_key providers.a"]],
    [
      `${AZURE}, base_url: 'https://x.example', api_key: azure-key-1`,
      ["conflict providers.a.resource"],
    ],
    [`${AZURE}, entra: { ${CLIENT}, client_secret: s3cret }`, []],
    [`${AZURE}, entra: { ${CLIENT}, federated_token_file: /var/token }`, []],
    [`${AZURE}, entra: { access_token: eyJ.a.b }`, []],
    [`${AZURE}, entra: { ${CLIENT} }`, ["missing_key providers.a.entra"]],
    [
      `${AZURE}, entra: { ${CLIENT}, client_secret: s, access_token: t }`,
      ["missing_key providers.a.entra", "conflict providers.a.entra.client_id"],
    ],
    [`${AZURE}, entra: { client_secret: s }`, ["missing_key providers.a.entra"]],
    [
      `${AZURE}, entra: { tenant_id: 'a/b', client_id: c, client_secret: s }`,
      ["invalid_value providers.a.entra.tenant_id"],
    ],
    [
      `${AZURE}, entra: { ${CLIENT}, client_secret: s, authority: 'http://169.254.169.254' }`,
      ["forbidden_address providers.a.entra.authority"],
    ],
    [`${AZURE}, api_key: k-1, api_version: yesterday`, ["invalid_value providers.a.api_version"]],
    [`${AZURE}, api_key: k-1, deployments: { mine: gpt-5-mini }`, []],
    [
      "kind: openai, api_key: sk-real-1, deployments: { mine: gpt-5-mini }",
      ["conflict providers.a.deployments"],
    ],
  ])("%s", (provider, expected) => {
    expect(codes(provider)).toEqual(expected);
  });

  test("the token service is the tenant's own", () => {
    const login = entry(`${AZURE}, entra: { ${CLIENT}, client_secret: s }`)?.credentials[0]?.login;
    expect(login).toMatchObject({
      tokenUrl: "https://login.microsoftonline.com/t/oauth2/v2.0/token",
      scope: "https://cognitiveservices.azure.com/.default",
    });
  });
});

test("documents sent by API hold no login, not even the name of a token file", () => {
  const api = { kind: "api" } as const;
  expect(codes(`${BEDROCK}, aws: { ${KEYS} }`, api)).toEqual(["literal_secret providers.a.aws"]);
  expect(codes(`${AZURE}, entra: { ${CLIENT}, federated_token_file: /etc/passwd }`, api)).toEqual([
    "literal_secret providers.a.entra",
  ]);
  expect(
    codes(`${BEDROCK}, api_keys: [{ id: a, aws: { ${ROLE}, web_identity_token_file: /x } }]`, api),
  ).toEqual(["literal_secret providers.a.api_keys[0].aws"]);
});

test("no part of a login is in the stored text, the hash's input or an error", () => {
  const text = `providers:\n  a: { ${BEDROCK}, aws: { access_key_id: AKIACANARY0000000000, secret_access_key: canary-secret-1 } }`;
  const result = sampleCompile(text, { references });
  expect(result.ok).toBe(true);
  if (!result.ok) return;
  expect(result.publicText).not.toContain("canary");
  expect(result.publicText).not.toContain("CANARY");
  expect(result.warnings.map(({ path }) => path)).toEqual([
    "providers.a.aws.access_key_id",
    "providers.a.aws.secret_access_key",
  ]);
  expect(JSON.stringify([...result.snapshot.providers.values()])).not.toContain("canary");
  const wrong = sampleErrors(
    `providers:\n  a: { kind: vertex, project: p, google: { service_account: ${file("/no-key.json")} } }`,
    { references },
  );
  expect(JSON.stringify(wrong)).not.toContain("robot@");
});

test("a misspelt key of a login is shown with the nearest one", () => {
  const [error] = sampleErrors(`providers:\n  a: { ${BEDROCK}, aws: { acess_key_id: x } }`);
  expect(error).toMatchObject({
    code: "unknown_key",
    hint: "Did you mean `access_key_id`?",
    line: 2,
  });
});

test("an optional provider is left out when a variable of its login is missing", () => {
  const text = `providers:\n  a: { ${BEDROCK}, optional: true, aws: { access_key_id: "\${env:NOPE}", secret_access_key: "\${env:AWS_SECRET}" } }`;
  const result = sampleCompile(text, { references });
  expect(result.ok && result.snapshot.providers.size).toBe(0);
});

test("a deployment whose model nobody knows is warned of, unless it has a price of its own", () => {
  const text = `providers:
  az: { ${AZURE}, api_key: azure-key-1, deployments: { known: gpt-4.1, wrong: gtp-4.1, own: house-model } }
prices:
  az/own: { input: 1, output: 2 }
`;
  const result = sampleCompile(text, { references, catalogue: CATALOGUE });
  expect(result.ok && result.warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "literal_secret providers.az.api_key",
    "unknown_model providers.az.deployments.wrong",
  ]);
});

test("deployments give prices and names to a provider whose names are its own", () => {
  const text = `providers:
  az: { ${AZURE}, api_key: azure-key-1, deployments: { mine: gpt-5-mini } }
prices:
  az/priced: { input: 1, output: 2 }
`;
  const snapshot = sampleSnapshot(text, { references });
  const listed = snapshot.listedModels.map(({ id }) => id);
  expect(listed).toEqual(["az/mine"]);
  expect(snapshot.providersKnowing("mine")).toEqual(["az"]);
  expect(snapshot.providersKnowing("gpt-5-mini")).toEqual([]);
  const price = (model: string) => snapshot.rates("az", model, Date.UTC(2026, 10, 1))?.base.input;
  expect(price("priced")).toBe(1_000_000n);
  expect(price("unheard-of")).toBeUndefined();
});
