// Requests that parsers disagree about, byte by byte on raw sockets: refused, nothing of them upstream,
// and nothing behind them on the same connection is taken for a request.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { rawCall } from "#support/upstream/raw-client.ts";
import { CALLER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const SECTIONS = `
server: { max_body_mb: 1 }
models:
  assistant: { targets: [oai/gpt-4.1], attempts: 1 }
`;
const BODY = '{"model":"assistant","messages":[{"role":"user","content":"Hello."}]}';
const SIZE = BODY.length;
const CHUNKED = `${SIZE.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVendorBench(SECTIONS);
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

/** A call with these header lines instead of a framing of its own. */
function call(lines: readonly string[], rest: string): string {
  return [
    "POST /v1/chat/completions HTTP/1.1",
    "Host: localhost",
    `Authorization: Bearer ${CALLER_KEY}`,
    "Content-Type: application/json",
    ...lines,
    "",
    rest,
  ].join("\r\n");
}

function get(target: string, lines: readonly string[] = ["Connection: close"]): string {
  return [`GET ${target} HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n");
}

/** The request that a smuggler hides behind another: it would show in answers and in the log. */
const HIDDEN = get("/v1/models", [`x-api-key: ${CALLER_KEY}`, "Connection: close"]);

/** Statuses of all answers on one connection, in order. */
async function statuses(request: string): Promise<number[]> {
  const { text } = await rawCall(bench.gateway.baseUrl, request);
  return [...text.matchAll(/HTTP\/1\.1 (?<status>\d{3})/g)].map((match) => Number(match[1]));
}

async function expectHealthy(): Promise<void> {
  const closing = call([`Content-Length: ${SIZE}`, "Connection: close"], BODY);
  expect(await statuses(closing)).toEqual([200]);
}

describe("framing", () => {
  test.each<[string, readonly string[], string]>([
    ["a length and chunks", [`Content-Length: ${SIZE}`, "Transfer-Encoding: chunked"], CHUNKED],
    ["chunks and a length", ["Transfer-Encoding: chunked", "Content-Length: 4"], CHUNKED],
    ["two lengths", [`Content-Length: ${SIZE}`, `Content-Length: ${SIZE + 1}`], BODY],
    ["the same length twice", [`Content-Length: ${SIZE}`, `Content-Length: ${SIZE}`], BODY],
    ["a list of lengths", [`Content-Length: ${SIZE}, ${SIZE}`], BODY],
    ["a signed length", [`Content-Length: +${SIZE}`], BODY],
    ["a negative length", ["Content-Length: -1"], BODY],
    ["a hexadecimal length", ["Content-Length: 0x45"], BODY],
    ["a length beyond numbers", ["Content-Length: 99999999999999999999999999"], BODY],
    ["a space before the colon", [`Content-Length : ${SIZE}`], BODY],
    ["an encoding with a space before the colon", ["Transfer-Encoding : chunked"], CHUNKED],
    ["an unknown transfer encoding", ["Transfer-Encoding: xchunked"], CHUNKED],
    ["a transfer encoding in two steps", ["Transfer-Encoding: gzip, chunked"], CHUNKED],
    ["chunked twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], CHUNKED],
    ["identity", ["Transfer-Encoding: identity"], CHUNKED],
    ["a vertical tab", ["Transfer-Encoding: \u000bchunked"], CHUNKED],
    [
      "a chunk size that is no number",
      ["Transfer-Encoding: chunked"],
      `ZZ\r\n${BODY}\r\n0\r\n\r\n`,
    ],
    ["a negative chunk size", ["Transfer-Encoding: chunked"], `-5\r\n${BODY}\r\n0\r\n\r\n`],
    ["a chunk size beyond numbers", ["Transfer-Encoding: chunked"], `${"f".repeat(18)}\r\n${BODY}`],
    [
      "a chunk that is longer than it says",
      ["Transfer-Encoding: chunked"],
      `5\r\n${BODY}\r\n0\r\n\r\n`,
    ],
    [
      "chunks with bare line feeds",
      ["Transfer-Encoding: chunked"],
      CHUNKED.replaceAll("\r\n", "\n"),
    ],
    ["a folded header", ["X-Fold: a", " b", `Content-Length: ${SIZE}`], BODY],
    ["NUL in a value", ["X-Nul: a\0b", `Content-Length: ${SIZE}`], BODY],
    ["NUL in a name", ["X-N\0ul: a", `Content-Length: ${SIZE}`], BODY],
    ["a bare carriage return", ["X-Return: a\rb", `Content-Length: ${SIZE}`], BODY],
    ["two hosts", ["Host: elsewhere", `Content-Length: ${SIZE}`], BODY],
  ])("%s is 400, and what follows is not read", async (_, lines, rest) => {
    expect(await statuses(call(lines, `${rest}${HIDDEN}`))).toEqual([400]);
    expect(bench.upstream.requests).toHaveLength(0);
    await expectHealthy();
  });

  test.each<[string, string]>([
    ["no host", get("/v1/models").replace("Host: localhost\r\n", "")],
    ["bare line feeds", HIDDEN.replaceAll("\r\n", "\n")],
    ["no version", "GET /v1/models\r\n\r\n"],
    ["another version", get("/v1/models").replace("HTTP/1.1", "HTTP/1.9")],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a space in the target", get("/v1/ models")],
    ["NUL in the target", get("/v1/mod\0els")],
    ["a TLS greeting", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"],
    ["CONNECT", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
  ])("%s is refused", async (_, request) => {
    const [status = 0, ...others] = await statuses(`${request}\r\n`);
    expect([400, 505]).toContain(status);
    expect(others).toEqual([]);
    await expectHealthy();
  });

  test.each<[string, string]>([
    ["one huge header", call([`X-Big: ${"a".repeat(70_000)}`, `Content-Length: ${SIZE}`], BODY)],
    [
      "hundreds of headers",
      call([...Array(500).keys()].map((index) => `X-${index}: a`).concat("Content-Length: 0"), ""),
    ],
    ["a huge target", get(`/v1/models?${"a".repeat(70_000)}`)],
  ])("%s is 431 without a body", async (_, request) => {
    const { text } = await rawCall(bench.gateway.baseUrl, request);
    expect(text).toStartWith("HTTP/1.1 431 ");
    expect(text.split("\r\n\r\n")[1] ?? "").toBe("");
    expect(bench.upstream.requests).toHaveLength(0);
    await expectHealthy();
  });
});

describe("a refusal that leaves a body unread", () => {
  const after = get("/healthz");

  test("does not take the body for the next request: 401", async () => {
    const request = call([`Content-Length: ${HIDDEN.length}`], HIDDEN);
    expect(await statuses(request.replace(CALLER_KEY, "wrong") + after)).toEqual([401, 200]);
  });

  test("does not take the body for the next request: 404", async () => {
    const request = call([`Content-Length: ${HIDDEN.length}`], HIDDEN);
    expect(await statuses(request.replace("/completions", "/nothing") + after)).toEqual([404, 200]);
  });

  test("does not take the body for the next request: 415", async () => {
    const request = call([`Content-Length: ${HIDDEN.length}`], HIDDEN);
    expect(await statuses(request.replace("application/json", "text/html") + after)).toEqual([
      415, 200,
    ]);
  });

  test("does not take the body for the next request: 413", async () => {
    const body = HIDDEN + "x".repeat(1_200_000);
    expect(await statuses(call([`Content-Length: ${body.length}`], body) + after)).toEqual([
      413, 200,
    ]);
  });
});

describe("the path as it was sent", () => {
  test.each([
    "/v1/../v1/models",
    "/v1/./models",
    "/v1/models/..",
    "/v1/x/../models",
    "/v1/%2e%2e/v1/models",
    "/v1/%2E./models",
    "/v1/.%2e/v1/models",
    "/v1/models/..%2f..%2fadmin%2fv1%2fkeys",
    "/v1/models/..%5c..%5cadmin",
    "/v1\\models",
    "/v1/models\\..\\..\\admin",
    "/passthrough/oai/../../admin/v1/keys",
    "/%2e%2e/",
    "//../v1/models",
    "//%2e%2e/v1/models",
    "/x//../../v1/models",
    `${"/a".repeat(14)}${"/..".repeat(14)}/v1/models`,
    `${"/a".repeat(30)}`,
    "http://localhost/v1/../v1/models",
  ])("%s is 400", async (target) => {
    const lines = [`x-api-key: ${CALLER_KEY}`, "Connection: close"];
    expect(await statuses(get(target, lines))).toEqual([400]);
  });

  test.each([
    ["/v1/models/%252e%252e", 404],
    ["//v1/models", 404],
    ["/v1//models", 404],
    ["/v1/models/", 404],
    ["/x/../v1/models/", 404],
    ["/v1/models/%00", 404],
    ["/v1/models/%ff", 400],
    ["/v1/models#x", 404],
    ["/v1/%6dodels", 404],
    ["/v1/models/assistant", 200],
    ["/v1/models/oai%2Fgpt-4.1", 200],
    ["/v1/models?x=../..", 200],
    ["http://elsewhere.example/v1/models", 200],
  ])("%s is %i", async (target, status) => {
    const lines = [`x-api-key: ${CALLER_KEY}`, "Connection: close"];
    expect(await statuses(get(target, lines))).toEqual([status]);
  });

  test("a probe without a host, as simple health checks send it, is answered", async () => {
    for (const path of ["/healthz", "/readyz", "/"]) {
      const { text } = await rawCall(bench.gateway.baseUrl, `GET ${path} HTTP/1.0\r\n\r\n`);
      expect(text).toStartWith("HTTP/1.1 200 ");
    }
  });

  test("a host that no URL can hold does not shift the path", async () => {
    const odd = (target: string): string =>
      get(target, [`x-api-key: ${CALLER_KEY}`, "Connection: close"]).replace("localhost", "a@b/c");
    expect(await statuses(odd("/v1/models"))).toEqual([200]);
    expect(await statuses(odd("/x/v1/models"))).toEqual([404]);
  });
});
