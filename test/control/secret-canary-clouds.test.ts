// Logins of clouds in a run full of failures, whose upstreams and token services repeat everything that
// they are shown: afterwards no key, token or signature stands in anything that anybody can read.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assumesRole,
  type Behaviour,
  formOf,
  grantsToken,
  verbatim,
} from "#support/upstream/upstream.ts";
import { CloudBench, SECRETS, SESSION } from "../gateway/clouds.ts";

const TOKENS = [
  "eyJcanaryHeader.eyJcanaryPayloadOfEntra.canarySignatureOfEntra",
  "opaque-canary/token+of=no.known~form",
] as const;
const WEB_TOKEN = "eyJcanaryWebHeader.eyJcanaryWebPayload.canaryWebSignature";
const MODELS = [
  "vertex/gemini-canary",
  "vertex/claude-canary",
  "azure/canary",
  "azure-workload/canary",
  "azure-dated/canary",
  "bedrock/amazon.nova-canary-v1:0",
  "bedrock-role/amazon.nova-canary-v1:0",
  "bedrock-web/amazon.nova-canary-v1:0",
  "bedrock-key/amazon.nova-canary-v1:0",
];

const bench = new CloudBench();
/** What was shown to anybody outside, beside what is known beforehand. */
const shown = new Set<string>([WEB_TOKEN, ...TOKENS]);
const answers: string[] = [];

beforeAll(async () => {
  await bench.start();
  await bench.writeToken(WEB_TOKEN);
});
afterAll(() => bench.stop());

const CARRIERS = ["authorization", "api-key", "x-goog-api-key", "x-amz-security-token"];

/** A careless vendor's error, with everything that the request proved itself by. */
function repeating(
  status: number,
  headers: readonly (readonly [string, string])[] = [],
): Behaviour {
  return (request, reply) => {
    const proofs = CARRIERS.flatMap((name) => request.header(name) ?? []);
    for (const proof of proofs) {
      const signature = /Signature=(\w+)/.exec(proof)?.[1];
      if (signature !== undefined) shown.add(signature);
    }
    const text = proofs.join(" ");
    const error = { message: `Bad: ${text}`, type: text, code: text, status: text };
    const body = JSON.stringify({ message: `Bad: ${text}`, type: "error", error });
    return verbatim({ status, headers, body })(request, reply);
  };
}

/** A careless token service: the form, and the signature over it. */
function repeatingForm(status: number): Behaviour {
  return (request, reply) => {
    const fields = formOf(request);
    for (const name of ["assertion", "client_assertion", "WebIdentityToken"]) {
      if (fields[name] !== undefined) shown.add(fields[name]);
    }
    const text = [...Object.values(fields), request.header("authorization")].join(" ");
    const xml = `<ErrorResponse><Error><Code>${fields["Action"]}</Code><Message>${text}</Message></Error></ErrorResponse>`;
    const body =
      fields["Action"] === undefined
        ? JSON.stringify({ error: text, error_description: text, message: text })
        : xml;
    return verbatim({ status, body })(request, reply);
  };
}

async function callAll(): Promise<void> {
  for (const model of MODELS) {
    for (const stream of [false, true]) {
      const reply = await bench.chat(model, { stream });
      answers.push(JSON.stringify([...reply.headers]), await reply.text());
    }
    const own = await bench.post("/v1/messages", {
      model,
      max_tokens: 9,
      messages: [{ role: "user", content: "Hello." }],
    });
    answers.push(await own.text());
  }
}

test("no key, token or signature is left anywhere after a run full of failures", async () => {
  for (const status of [400, 500]) {
    await bench.forget();
    bench.logins.always("*", repeatingForm(status));
    await callAll();
  }
  for (const token of TOKENS) {
    for (const status of [401, 403, 503]) {
      await bench.forget();
      bench.logins.always("*", (request, reply) =>
        formOf(request)["Action"] === undefined
          ? grantsToken(token)(request, reply)
          : assumesRole(SESSION)(request, reply),
      );
      bench.upstream.always(
        "*",
        repeating(status, [["x-amzn-errortype", "ExpiredTokenException"]]),
      );
      await callAll();
    }
  }
  const views: string[] = [];
  for (const path of [
    "/decisions?limit=1000",
    "/usage?group_by=key,target",
    "/targets",
    "/config",
  ]) {
    views.push(await (await bench.gateway.admin(path)).text());
  }
  await bench.gateway.restart();
  const files: string[] = [];
  for (const name of await readdir(bench.gateway.dataDir, { recursive: true })) {
    files.push(await readFile(join(bench.gateway.dataDir, name), "latin1").catch(() => ""));
  }
  const places = {
    answers: answers.join("\n"),
    views: views.join("\n"),
    printed: bench.gateway.stdout + bench.gateway.stderr,
    files: files.join("\n"),
  };
  expect(places.answers).toContain("upstream_misconfigured");
  expect(places.views).toContain("[key]");
  const keyLines = bench.account.privateKey.split("\n").filter((line) => line.length > 40);
  const secrets = [...SECRETS, ...shown, ...keyLines];
  expect(shown.size).toBeGreaterThan(10);
  const pieces = secrets.flatMap((secret) => [secret.slice(0, 24), secret.slice(-16)]);
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    [...new Set(pieces)]
      .map((piece) => text.indexOf(piece))
      .filter((at) => at !== -1)
      .map((at) => `${place}: ${text.slice(Math.max(0, at - 160), at + 60)}`),
  );
  expect(leaks).toEqual([]);
}, 240_000);
