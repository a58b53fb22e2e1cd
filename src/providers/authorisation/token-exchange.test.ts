// Exchanges of credentials for something short-lived: what is asked, what is made of the answers.

import { describe, expect, test } from "bun:test";
import { createVerify, generateKeyPairSync } from "node:crypto";
import type { AwsLogin, EntraLogin, GoogleLogin, GoogleSubject } from "#core/login.ts";
import { Secret } from "#core/secret.ts";
import { awsSession, ownKeys } from "./aws-session.ts";
import { entraToken } from "./entra-token.ts";
import { googleToken } from "./google-token.ts";
import type { TokenIo, TokenReply, TokenRequest } from "./token-exchange.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const KEYS = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

interface AskedIo extends TokenIo {
  readonly asked: TokenRequest[];
}

function io(reply: Partial<TokenReply>, files: Readonly<Record<string, string>> = {}): AskedIo {
  const asked: TokenRequest[] = [];
  return {
    asked,
    send: async (request) => {
      asked.push(request);
      return { status: 200, text: "", ...reply };
    },
    file: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
    now: () => NOW,
  };
}

function fields(world: AskedIo): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(world.asked[0]?.body ?? ""));
}

const TOKEN = JSON.stringify({
  access_token: "ya29.short",
  expires_in: 3599,
  token_type: "Bearer",
});

const GOOGLE: GoogleLogin = {
  by: "google",
  scope: "https://www.googleapis.com/auth/cloud-platform",
  tokenUrl: "https://oauth2.googleapis.com/token",
  account: {
    type: "service_account",
    email: "robot@project.iam.gserviceaccount.com",
    keyId: "key-1",
    privateKey: new Secret(KEYS.privateKey),
  },
};

describe("a service account", () => {
  test("signs an assertion that its public key confirms and that is good for an hour", async () => {
    const world = io({ text: TOKEN });
    expect(await googleToken(GOOGLE, world)).toEqual({
      value: "ya29.short",
      expiresAtMs: NOW + 3_599_000,
    });
    const { grant_type: grant, assertion = "" } = fields(world);
    expect(grant).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [header = "", claims = "", signature = ""] = assertion.split(".");
    const verified = createVerify("RSA-SHA256")
      .update(`${header}.${claims}`)
      .verify(KEYS.publicKey, signature, "base64url");
    expect(verified).toBe(true);
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(read(header)).toEqual({ alg: "RS256", typ: "JWT", kid: "key-1" });
    expect(read(claims)).toEqual({
      iss: "robot@project.iam.gserviceaccount.com",
      scope: GOOGLE.scope,
      aud: GOOGLE.tokenUrl,
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
    });
  });

  test("that is refused says why, by what the service says", async () => {
    const text = JSON.stringify({ error: "invalid_grant", error_description: "Account disabled" });
    await expect(googleToken(GOOGLE, io({ status: 400, text }))).rejects.toMatchObject({
      name: "LoginRefused",
      status: 400,
      message: "The token service answered 400: invalid_grant: Account disabled.",
    });
  });

  test("gets no token out of a page, an empty answer or a token with line ends", async () => {
    for (const text of ["<html>", "{}", "null", JSON.stringify({ access_token: "a\r\nb: c" })]) {
      await expect(googleToken(GOOGLE, io({ text }))).rejects.toThrow(/token/);
    }
  });

  test("with a key that cannot sign is refused before anything is asked", async () => {
    const world = io({ text: TOKEN });
    const account = { ...GOOGLE.account, privateKey: new Secret("no key at all") };
    const login = { ...GOOGLE, account } as GoogleLogin;
    await expect(googleToken(login, world)).rejects.toThrow("cannot sign");
    expect(world.asked).toEqual([]);
  });
});

test("a user's stored login is exchanged by its refresh token", async () => {
  const world = io({ text: TOKEN });
  const account = {
    type: "authorized_user",
    clientId: "client",
    clientSecret: new Secret("secret"),
    refreshToken: new Secret("refresh"),
  } as const;
  await googleToken({ ...GOOGLE, account }, world);
  expect(fields(world)).toEqual({
    grant_type: "refresh_token",
    client_id: "client",
    client_secret: "secret",
    refresh_token: "refresh",
  });
});

describe("a workload of another identity provider", () => {
  const subject = {
    file: "/var/token",
    field: undefined,
    tokenType: "urn:ietf:params:oauth:token-type:jwt",
    audience: "//iam.googleapis.com/pool",
    impersonationUrl: undefined,
  };
  const login = (changes: Partial<GoogleSubject> = {}): GoogleLogin => ({
    ...GOOGLE,
    account: { type: "external_account", subject: { ...subject, ...changes } },
  });

  test("exchanges the token of its file", async () => {
    const world = io({ text: TOKEN }, { "/var/token": "eyJ.subject.token\n" });
    expect((await googleToken(login(), world)).value).toBe("ya29.short");
    expect(fields(world)).toMatchObject({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      audience: "//iam.googleapis.com/pool",
      subject_token: "eyJ.subject.token",
    });
  });

  test("takes the token out of a JSON file, or says which member is missing", async () => {
    const file = { "/var/token": '{"id_token":"eyJ.inner.token"}' };
    const world = io({ text: TOKEN }, file);
    await googleToken(login({ field: "id_token" }), world);
    expect(fields(world)["subject_token"]).toBe("eyJ.inner.token");
    await expect(googleToken(login({ field: "other" }), io({}, file))).rejects.toThrow(
      'The token file /var/token has no "other".',
    );
  });

  test("acts as the service account that is lent to it", async () => {
    const lent = { accessToken: "ya29.lent", expireTime: "2026-11-22T13:00:00Z" };
    const text = JSON.stringify({ ...JSON.parse(TOKEN), ...lent });
    const world = io({ text }, { "/var/token": "eyJ.subject.token" });
    const impersonationUrl = "https://iamcredentials.googleapis.com/v1/x:generateAccessToken";
    expect(await googleToken(login({ impersonationUrl }), world)).toEqual({
      value: "ya29.lent",
      expiresAtMs: Date.UTC(2026, 10, 22, 13),
    });
    expect(world.asked[1]).toMatchObject({
      url: impersonationUrl,
      headers: { authorization: "Bearer ya29.short" },
    });
    const refused = JSON.stringify({ ...JSON.parse(TOKEN), error: { message: "Not yours." } });
    const other = io({ text: refused }, { "/var/token": "eyJ.subject.token" });
    await expect(googleToken(login({ impersonationUrl }), other)).rejects.toThrow("Not yours.");
  });
});

const ENTRA: EntraLogin = {
  by: "entra",
  tokenUrl: "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
  clientId: "client",
  scope: "https://cognitiveservices.azure.com/.default",
  clientSecret: new Secret("the secret"),
  federatedTokenFile: undefined,
};

describe("an application of Entra ID", () => {
  test("asks by its secret; a lifetime written as text counts", async () => {
    const world = io({ text: '{"access_token":"eyJ.a.b","expires_in":"86399"}' });
    expect(await entraToken(ENTRA, world)).toEqual({
      value: "eyJ.a.b",
      expiresAtMs: NOW + 86_399_000,
    });
    expect(fields(world)).toEqual({
      grant_type: "client_credentials",
      client_id: "client",
      scope: ENTRA.scope,
      client_secret: "the secret",
    });
  });

  test("asks by the token of its workload, read anew each time", async () => {
    const login = { ...ENTRA, clientSecret: undefined, federatedTokenFile: "/var/token" };
    for (const token of ["first", "second"]) {
      const world = io({ text: TOKEN }, { "/var/token": `${token}\n` });
      await entraToken(login, world);
      expect(fields(world)["client_assertion"]).toBe(token);
    }
    await expect(entraToken(login, io({}, {}))).rejects.toThrow("/var/token cannot be read");
    await expect(entraToken(login, io({}, { "/var/token": " \n" }))).rejects.toThrow("is empty");
  });
});

const AWS: AwsLogin = {
  by: "aws",
  region: "eu-central-1",
  service: "bedrock",
  keys: {
    accessKeyId: new Secret("AKIAEXAMPLE"),
    secretAccessKey: new Secret("secret"),
    sessionToken: undefined,
  },
  role: undefined,
  keyServer: undefined,
  stsUrl: "https://sts.eu-central-1.amazonaws.com/",
};
const ROLE = {
  arn: "arn:aws:iam::123456789012:role/models",
  sessionName: "sluice",
  externalId: "house",
  webIdentityTokenFile: undefined,
};
const SESSION_XML = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>
  <SecretAccessKey>wJalr/+=</SecretAccessKey><SessionToken>FwoG/+=</SessionToken>
  <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const SESSION = {
  value: { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "wJalr/+=", sessionToken: "FwoG/+=" },
  expiresAtMs: Date.UTC(2026, 10, 22, 13),
};

describe("an AWS account", () => {
  test("with keys alone needs no session", () => {
    expect(ownKeys(AWS)).toEqual({
      accessKeyId: "AKIAEXAMPLE",
      secretAccessKey: "secret",
      sessionToken: undefined,
    });
    expect(ownKeys({ ...AWS, role: ROLE })).toBeUndefined();
  });

  test("takes on a role by a request that its keys sign", async () => {
    const world = io({ text: SESSION_XML });
    expect(await awsSession({ ...AWS, role: ROLE }, world)).toEqual(SESSION);
    expect(fields(world)).toEqual({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: ROLE.arn,
      RoleSessionName: "sluice",
      ExternalId: "house",
    });
    expect(world.asked[0]?.headers["authorization"]).toContain(
      "Credential=AKIAEXAMPLE/20261122/eu-central-1/sts/aws4_request",
    );
  });

  test("takes on a role by a web identity, unsigned", async () => {
    const role = { ...ROLE, externalId: undefined, webIdentityTokenFile: "/var/web" };
    const world = io({ text: SESSION_XML }, { "/var/web": "eyJ.web.token" });
    expect(await awsSession({ ...AWS, keys: undefined, role }, world)).toEqual(SESSION);
    expect(fields(world)).toMatchObject({
      Action: "AssumeRoleWithWebIdentity",
      WebIdentityToken: "eyJ.web.token",
    });
    expect(world.asked[0]?.headers["authorization"]).toBeUndefined();
  });

  test("takes keys from a server that hands them out", async () => {
    const login = {
      ...AWS,
      keys: undefined,
      keyServer: { url: "http://127.0.0.1:1338/keys", token: new Secret("pod") },
    };
    const body = {
      AccessKeyId: "ASIAEXAMPLE",
      SecretAccessKey: "wJalr/+=",
      Token: "FwoG/+=",
      Expiration: "2026-11-22T13:00:00Z",
    };
    const world = io({ text: JSON.stringify(body) });
    expect(await awsSession(login, world)).toEqual(SESSION);
    expect(world.asked[0]).toMatchObject({ method: "GET", headers: { authorization: "pod" } });
  });

  test("that is refused says why, and half a session is none", async () => {
    const text =
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>No.</Message></Error></ErrorResponse>";
    const login = { ...AWS, role: ROLE };
    await expect(awsSession(login, io({ status: 403, text }))).rejects.toMatchObject({
      status: 403,
      message: "The service for session keys answered 403: AccessDenied: No.",
    });
    const half = SESSION_XML.replace(/<SecretAccessKey>.*<\/SecretAccessKey>/, "");
    await expect(awsSession(login, io({ text: half }))).rejects.toMatchObject({ status: 200 });
    const timeless = SESSION_XML.replace("2026-11-22T13:00:00Z", "soon");
    await expect(awsSession(login, io({ text: timeless }))).rejects.toMatchObject({ status: 200 });
  });
});
