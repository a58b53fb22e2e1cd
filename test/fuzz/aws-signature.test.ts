// Signatures against Amazon's own implementation, over requests made at random from a printed seed.

import { expect, test } from "bun:test";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import {
  type AwsKeys,
  awsSignature,
  type SignableRequest,
  sha256Hex,
} from "#providers/authorisation/aws-signature.ts";
import { seededRandom } from "#support/seeded-random.ts";

const SEED = Number(process.env["SLUICE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 300;

const random = seededRandom(SEED);

/** What a path segment may look like on the wire: escaped once, or one of the signs that need not be. */
const PIECES = [
  "model",
  "us.anthropic",
  "v1%3A0",
  "a%2Fb",
  "%C3%A4",
  "~",
  "-_.",
  "(x)",
  "it's",
  "*!",
];
const VALUES = ["", "1", "a b", "ä", "x=y", "a/b?c", "+", "%", "é&"];

function text(length: number): string {
  return Buffer.from(random.bytes(length)).toString("base64url");
}

interface Made {
  readonly request: SignableRequest;
  readonly body: string;
  readonly query: Record<string, string[]>;
}

function randomRequest(): Made {
  const segments = Array.from({ length: 1 + random.below(4) }, () =>
    Array.from({ length: 1 + random.below(3) }, () => random.pick(PIECES)).join(""),
  ).filter((segment) => !/^\.{1,2}$/.test(segment));
  const query: Record<string, string[]> = {};
  for (let count = random.below(4); count > 0; count -= 1) {
    const values = Array.from({ length: 1 + random.below(2) }, () => random.pick(VALUES));
    query[`${random.pick(["a", "B", "x-y", "ä"])}${count}`] = values.sort();
  }
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  const search = pairs.length === 0 ? "" : `?${pairs.join("&")}`;
  const port = random.pick(["", "", ":8443"]);
  const host = `bedrock-runtime.${random.pick(["eu-central-1", "us-gov-west-1"])}.amazonaws.com${port}`;
  const body = text(random.below(4_000));
  const headers: Record<string, string> = {
    "content-type": random.pick(["application/json", "  application/x-www-form-urlencoded;  a=b "]),
  };
  if (random.below(3) === 0) headers["x-amzn-bedrock-trace"] = "ENABLED";
  return {
    request: {
      method: random.pick(["POST", "GET"]),
      url: `https://${host}/${segments.join("/")}${search}`,
      headers: { ...headers, "user-agent": "x", traceparent: "00-1-2-00" },
      bodySha256: sha256Hex(body),
    },
    body,
    query,
  };
}

async function amazonsOwn(
  { request, body, query }: Made,
  keys: AwsKeys,
  scope: { readonly region: string; readonly service: string; readonly nowMs: number },
): Promise<string> {
  const { region, service, nowMs } = scope;
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
    },
    region,
    service,
    sha256: Hash.bind(null, "sha256"),
  });
  const url = new URL(request.url);
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: request.url.slice(request.url.indexOf("/", 8)).split("?")[0] ?? "",
      query,
      headers: { ...request.headers, host: url.host },
      body,
    },
    {
      signingDate: new Date(nowMs),
      unsignableHeaders: new Set(["traceparent", "user-agent", "x-amzn-bedrock-trace"]),
    },
  );
  return signed.headers["authorization"] ?? "";
}

test(`signs ${ROUNDS} requests as Amazon's own signer does (SLUICE_FUZZ_SEED=${SEED})`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const made = randomRequest();
    const keys: AwsKeys = {
      accessKeyId: `AKIA${text(12)}`,
      secretAccessKey: text(30),
      sessionToken: random.below(2) === 0 ? undefined : text(300),
    };
    const nowMs = Date.UTC(2020, 0, 1) + random.below(300_000_000) * 1000;
    const scope = { region: random.pick(["eu-central-1", "us-east-1"]), service: "bedrock" };
    const ours = awsSignature(made.request, keys, scope, nowMs);
    expect(ours["authorization"]).toBe(await amazonsOwn(made, keys, { ...scope, nowMs }));
  }
});

test("the model's escaped name is signed as it stands in the path, and no key is in the headers", () => {
  const sign = (path: string) =>
    awsSignature(
      {
        method: "POST",
        url: `https://bedrock-runtime.us-east-1.amazonaws.com${path}`,
        headers: {},
        bodySha256: sha256Hex("{}"),
      },
      { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: undefined },
      { region: "us-east-1", service: "bedrock" },
      Date.UTC(2026, 10, 22),
    );
  expect(sign("/model/a%3A0/converse")).not.toEqual(sign("/model/a:0/converse"));
  expect(Object.keys(sign("/")).sort()).toEqual([
    "authorization",
    "x-amz-content-sha256",
    "x-amz-date",
  ]);
});
