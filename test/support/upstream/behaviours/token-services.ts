// The services that hand out tokens and session keys: what they check of a request, what they answer.

import { createVerify } from "node:crypto";
import { asObject } from "#core/json.ts";
import type { Behaviour } from "../behaviour.ts";
import { textOf } from "../bytes.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import { verbatim } from "./failures.ts";

/** Fields of the form in the request's body. */
export function formOf(request: RecordedRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(textOf(request.body)));
}

/** An OAuth answer with this token. */
export function grantsToken(token: string, expiresInSeconds = 3600): Behaviour {
  const body = { access_token: token, expires_in: expiresInSeconds, token_type: "Bearer" };
  return verbatim({ status: 200, body: JSON.stringify(body) });
}

/** An OAuth refusal. */
export function refusesToken(error: string, description: string, status = 400): Behaviour {
  const body = { error, error_description: description };
  return verbatim({ status, body: JSON.stringify(body) });
}

/**
 * Google's token service: grants the token for an assertion that the account has signed.
 * @param publicKey PEM of the account
 */
export function googleGrants(publicKey: string, token: string): Behaviour {
  return (request, reply) => {
    const { assertion = "" } = formOf(request);
    const [header = "", claims = "", signature = ""] = assertion.split(".");
    const isSigned = createVerify("RSA-SHA256")
      .update(`${header}.${claims}`)
      .verify(publicKey, signature, "base64url");
    const scope = asObject(JSON.parse(Buffer.from(claims, "base64url").toString()))?.["scope"];
    const isRight = isSigned && scope === "https://www.googleapis.com/auth/cloud-platform";
    const answer = isRight
      ? grantsToken(token)
      : refusesToken("invalid_grant", "Invalid JWT Signature.");
    return answer(request, reply);
  };
}

/** Session keys as Amazon hands them out. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Amazon's Security Token Service: gives these keys to whoever asks for a role. */
export function assumesRole(keys: SessionKeys, lifeSeconds = 3600): Behaviour {
  return (request, reply) => {
    const { Action: action = "" } = formOf(request);
    const expiration = new Date(Date.now() + lifeSeconds * 1000).toISOString();
    const body = `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
<Credentials><AccessKeyId>${keys.accessKeyId}</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey>
<SessionToken>${keys.sessionToken}</SessionToken><Expiration>${expiration}</Expiration></Credentials>
</${action}Result></${action}Response>`;
    return verbatim({ status: 200, contentType: "text/xml", body })(request, reply);
  };
}
