// Access tokens of Google: for a service account by an assertion that it signs (developers.google.com/identity/
// protocols/oauth2/service-account, 2026-11), for a user's stored login by its refresh token.

import { createSign } from "node:crypto";
import type { GoogleLogin } from "#core/login.ts";
import {
  accessToken,
  form,
  LoginRefused,
  type ShortLived,
  type TokenIo,
  type TokenRequest,
} from "./token-exchange.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_LIFE_SECONDS = 3600;

/** @throws LoginRefused or TransportError */
export function googleToken(login: GoogleLogin, io: TokenIo): Promise<ShortLived<string>> {
  return accessToken(tokenRequest(login, io.now()), io);
}

function tokenRequest(login: GoogleLogin, nowMs: number): TokenRequest {
  const { account, tokenUrl } = login;
  if (account.type === "service_account") {
    return form(tokenUrl, { grant_type: GRANT, assertion: assertionOf(login, nowMs) });
  }
  return form(tokenUrl, {
    grant_type: "refresh_token",
    client_id: account.clientId,
    client_secret: account.clientSecret.reveal(),
    refresh_token: account.refreshToken.reveal(),
  });
}

/** A JSON Web Token, signed with RS256 (RFC 7515, RFC 7523). */
function assertionOf({ account, scope, tokenUrl }: GoogleLogin, nowMs: number): string {
  if (account.type !== "service_account") throw new Error("Only service accounts sign assertions.");
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
