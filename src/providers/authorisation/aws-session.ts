// Session keys of AWS: by a role that keys or a web identity token take on (docs.aws.amazon.com/STS/latest/
// APIReference, version 2011-06-15), or from a server that hands them out, as containers have it.

import { asString } from "#core/json.ts";
import type { AwsKeySource, AwsLogin, AwsRole } from "#core/login.ts";
import { type AwsKeys, awsSignature, sha256Hex } from "./aws-signature.ts";
import {
  checkedToken,
  form,
  jsonOf,
  LoginRefused,
  refusal,
  type ShortLived,
  type TokenIo,
  type TokenReply,
  type TokenRequest,
  tokenFile,
} from "./token-exchange.ts";

const STS_VERSION = "2011-06-15";

/** The keys of the document itself; undefined when sessions have to be asked for. */
export function ownKeys(login: AwsLogin): AwsKeys | undefined {
  return login.role === undefined && login.keys !== undefined ? revealed(login.keys) : undefined;
}

/** @throws LoginRefused or TransportError */
export async function awsSession(login: AwsLogin, io: TokenIo): Promise<ShortLived<AwsKeys>> {
  const { role, keyServer } = login;
  if (role !== undefined) {
    return sessionOfXml(await io.send(await assumeRole(login, role, io)));
  }
  if (keyServer === undefined) throw new LoginRefused("There is nothing to get AWS keys by.", 0);
  const token = keyServer.token?.reveal();
  const headers = token === undefined ? {} : { authorization: token };
  return sessionOfJson(await io.send({ method: "GET", url: keyServer.url, headers, body: "" }));
}

async function assumeRole(login: AwsLogin, role: AwsRole, io: TokenIo): Promise<TokenRequest> {
  const { webIdentityTokenFile } = role;
  const asked = {
    Version: STS_VERSION,
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
  };
  if (webIdentityTokenFile !== undefined) {
    return withXml(
      form(login.stsUrl, {
        Action: "AssumeRoleWithWebIdentity",
        ...asked,
        WebIdentityToken: await tokenFile(webIdentityTokenFile, io),
      }),
    );
  }
  if (login.keys === undefined)
    throw new LoginRefused("The role has nothing to be taken on by.", 0);
  const request = withXml(
    form(login.stsUrl, { Action: "AssumeRole", ...asked, ExternalId: role.externalId }),
  );
  const signature = awsSignature(
    { ...request, bodySha256: sha256Hex(request.body) },
    revealed(login.keys),
    { region: login.region, service: "sts" },
    io.now(),
  );
  return { ...request, headers: { ...request.headers, ...signature } };
}

/** The form that the service documents. */
function withXml(request: TokenRequest): TokenRequest {
  return { ...request, headers: { ...request.headers, accept: "application/xml" } };
}

function revealed({ accessKeyId, secretAccessKey, sessionToken }: AwsKeySource): AwsKeys {
  return {
    accessKeyId: accessKeyId.reveal(),
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken?.reveal(),
  };
}

/** Keys, tokens and times hold no sign that XML would escape. */
function sessionOfXml({ status, text }: TokenReply): ShortLived<AwsKeys> {
  const member = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const error = [member("Code"), member("Message")].filter((said) => said !== undefined);
  return session(status, member("SessionToken"), { member, problem: error.join(": ") });
}

function sessionOfJson({ status, text }: TokenReply): ShortLived<AwsKeys> {
  const body = jsonOf(text);
  const member = (name: string) => asString(body[name]);
  const error = [member("code"), member("message")].filter((said) => said !== undefined);
  return session(status, member("Token"), { member, problem: error.join(": ") });
}

function session(
  status: number,
  sessionToken: string | undefined,
  said: { member(name: string): string | undefined; readonly problem: string },
): ShortLived<AwsKeys> {
  const accessKeyId = said.member("AccessKeyId") ?? "";
  const secretAccessKey = said.member("SecretAccessKey") ?? "";
  const expiresAtMs = Date.parse(said.member("Expiration") ?? "");
  const isWhole = accessKeyId !== "" && secretAccessKey !== "" && !Number.isNaN(expiresAtMs);
  if (status < 200 || status >= 300 || !isWhole) {
    throw refusal("The service for session keys", status, said.problem);
  }
  return {
    value: {
      accessKeyId: checkedToken(accessKeyId, status),
      secretAccessKey: checkedToken(secretAccessKey, status),
      sessionToken: sessionToken === undefined ? undefined : checkedToken(sessionToken, status),
    },
    expiresAtMs,
  };
}
