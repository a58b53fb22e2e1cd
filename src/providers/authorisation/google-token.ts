// Access tokens of Google: for a service account by an assertion that it signs (developers.google.com/identity/
// protocols/oauth2/service-account, 2026-11), for a user's stored login by its refresh token, for a workload by
// the token of its own identity provider (cloud.google.com/iam/docs/workload-identity-federation, 2026-11).

import { createSign } from "node:crypto";
import { asObject, asString } from "#core/json.ts";
import type { GoogleLogin, GoogleSubject } from "#core/login.ts";
import {
  accessToken,
  checkedToken,
  form,
  jsonOf,
  LoginRefused,
  refusal,
  type ShortLived,
  type TokenIo,
  tokenFile,
} from "./token-exchange.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_LIFE_SECONDS = 3600;

/** @throws LoginRefused or TransportError */
export async function googleToken(login: GoogleLogin, io: TokenIo): Promise<ShortLived<string>> {
  const { account, tokenUrl } = login;
  switch (account.type) {
    case "service_account": {
      const assertion = assertionOf(login, account, io.now());
      return accessToken(form(tokenUrl, { grant_type: GRANT, assertion }), io);
    }
    case "authorized_user":
      return accessToken(
        form(tokenUrl, {
          grant_type: "refresh_token",
          client_id: account.clientId,
          client_secret: account.clientSecret.reveal(),
          refresh_token: account.refreshToken.reveal(),
        }),
        io,
      );
    case "external_account":
      return workloadToken(login, account.subject, io);
  }
}

/** The federated token, or the service account's that it opens the way to. */
async function workloadToken(
  login: GoogleLogin,
  subject: GoogleSubject,
  io: TokenIo,
): Promise<ShortLived<string>> {
  const exchange = form(login.tokenUrl, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience: subject.audience,
    scope: login.scope,
    subject_token: await subjectToken(subject, io),
    subject_token_type: subject.tokenType,
  });
  const federated = await accessToken(exchange, io);
  if (subject.impersonationUrl === undefined) return federated;
  const { status, text } = await io.send({
    method: "POST",
    url: subject.impersonationUrl,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${federated.value}`,
    },
    body: JSON.stringify({ scope: [login.scope], lifetime: "3600s" }),
  });
  const body = jsonOf(text);
  const token = asString(body["accessToken"]);
  const expiresAtMs = Date.parse(asString(body["expireTime"]) ?? "");
  if (status < 200 || status >= 300 || token === undefined || Number.isNaN(expiresAtMs)) {
    const problem = asString(asObject(body["error"])?.["message"]) ?? "";
    throw refusal("The service that lends service accounts", status, problem);
  }
  return { value: checkedToken(token, status), expiresAtMs };
}

async function subjectToken({ file, field }: GoogleSubject, io: TokenIo): Promise<string> {
  const text = await tokenFile(file, io);
  if (field === undefined) return text;
  const token = asString(jsonOf(text)[field]);
  if (token === undefined || token === "") {
    throw new LoginRefused(`The token file ${file} has no ${JSON.stringify(field)}.`, 0);
  }
  return token;
}

/** A JSON Web Token, signed with RS256 (RFC 7515, RFC 7523). */
function assertionOf(
  { scope, tokenUrl }: GoogleLogin,
  account: Extract<GoogleLogin["account"], { type: "service_account" }>,
  nowMs: number,
): string {
  const issuedAt = Math.floor(nowMs / 1000);
  const header = { alg: "RS256", typ: "JWT", kid: account.keyId };
  const claims = {
    iss: account.email,
    scope,
    aud: tokenUrl,
    iat: issuedAt,
    exp: issuedAt + ASSERTION_LIFE_SECONDS,
  };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  try {
    const signature = createSign("RSA-SHA256").update(signed).sign(account.privateKey.reveal());
    return `${signed}.${signature.toString("base64url")}`;
  } catch {
    throw new LoginRefused("The private key of the service account cannot sign.", 0);
  }
}

function encoded(value: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
