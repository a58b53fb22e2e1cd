// Upstreams that look at who asks: a bearer token, or Amazon's signature, checked by Amazon's own signer.

import { createHash } from "node:crypto";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Behaviour } from "../behaviour.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import { failure, verbatim } from "./failures.ts";

/** Answers whoever shows one of the tokens; all others get 401. */
export function wantsBearer(tokens: readonly string[], then: Behaviour): Behaviour {
  return (request, reply) => {
    const shown = request.header("authorization");
    const isKnown = tokens.some((token) => shown === `Bearer ${token}`);
    return (isKnown ? then : failure(401))(request, reply);
  };
}

/** Keys that a signature may be made with. */
export interface AwsSigner {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Its session has ended. */
  readonly isExpired?: boolean;
}

/** Answers whoever has signed with one of these keys; all others get Amazon's 403. */
export function wantsSignature(signers: readonly AwsSigner[], then: Behaviour): Behaviour {
  return async (request, reply) => {
    const problem = await problemOf(request, signers);
    if (problem === undefined) return then(request, reply);
    const [type, message] = problem;
    return verbatim({
      status: 403,
      headers: [["x-amzn-errortype", `${type}:http://internal.amazon.com/coral/`]],
      body: JSON.stringify({ message }),
    })(request, reply);
  };
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, SignedHeaders=(?<signed>[\w;-]+), Signature=(?<signature>[0-9a-f]{64})$/;
const MUST_BE_SIGNED = ["content-type", "host", "x-amz-content-sha256", "x-amz-date"];
const LARGEST_SKEW_MS = 5 * 60_000;

async function problemOf(
  request: RecordedRequest,
  signers: readonly AwsSigner[],
): Promise<readonly [string, string] | undefined> {
  const parts = AUTHORIZATION.exec(request.header("authorization") ?? "")?.groups;
  if (parts === undefined) return ["MissingAuthenticationTokenException", "Missing token."];
  const signer = signers.find(({ accessKeyId }) => accessKeyId === parts["key"]);
  if (signer === undefined || request.header("x-amz-security-token") !== signer.sessionToken) {
    return ["UnrecognizedClientException", "The security token in the request is invalid."];
  }
  if (signer.isExpired === true) return ["ExpiredTokenException", "The security token is expired."];
  const names = (parts["signed"] ?? "").split(";");
  const date = dateOf(request.header("x-amz-date") ?? "");
  const hash = createHash("sha256").update(request.body).digest("hex");
  const isWhole = MUST_BE_SIGNED.every((name) => names.includes(name));
  const isFresh = Math.abs(date.getTime() - Date.now()) < LARGEST_SKEW_MS;
  const own = await signatureOf(request, signer, { names, date, parts });
  const isRight = own === request.header("authorization");
  if (isWhole && isFresh && isRight && request.header("x-amz-content-sha256") === hash) {
    return undefined;
  }
  const shown = request.headers.map(([name, value]) => `${name}:${value}`).join("\n");
  return ["InvalidSignatureException", `The signature does not match. The request was\n${shown}`];
}

async function signatureOf(
  request: RecordedRequest,
  signer: AwsSigner,
  scope: {
    readonly names: readonly string[];
    readonly date: Date;
    readonly parts: Record<string, string>;
  },
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = signer;
  const v4 = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    region: scope.parts["region"] ?? "",
    service: scope.parts["service"] ?? "",
    sha256: Hash.bind(null, "sha256"),
  });
  const given = scope.names.map((name) => [name, request.header(name) ?? ""] as const);
  const [path = "", search = ""] = request.target.split("?");
  const signed = await v4.sign(
    {
      method: request.method,
      protocol: "http:",
      hostname: request.header("host") ?? "",
      path,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: Object.fromEntries(given),
      body: request.body,
    },
    { signingDate: scope.date },
  );
  return signed.headers["authorization"] ?? "";
}

function dateOf(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
