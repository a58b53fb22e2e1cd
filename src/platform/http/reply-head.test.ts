// Heads of replies: what is read off them, and which are refused.

import { describe, expect, test } from "bun:test";
import { MalformedHttp, parseReplyHead } from "./reply-head.ts";

const head = (...lines: string[]) => parseReplyHead(["HTTP/1.1 200 OK", ...lines].join("\r\n"));

describe("the fields of a head", () => {
  const { headers } = head(
    "Content-Type:  application/json\t",
    "X-Request-ID: req_1",
    "x-multi: a",
    "X-Multi: b",
    "x-empty:",
  );

  test("are found whatever the letter case, without the space around their values", () => {
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("X-REQUEST-ID")).toBe("req_1");
    expect(headers.get("x-empty")).toBe("");
    expect(headers.get("request-id")).toBeNull();
    expect([headers.has("x-empty"), headers.has("empty")]).toEqual([true, false]);
  });

  test("are joined where there are several of one name", () => {
    expect(headers.get("x-multi")).toBe("a, b");
  });

  test("can be visited, names in lower case", () => {
    const seen: string[] = [];
    headers.forEach((value, name) => {
      seen.push(`${name}=${value}`);
    });
    expect(seen).toEqual([
      "content-type=application/json",
      "x-request-id=req_1",
      "x-multi=a",
      "x-multi=b",
      "x-empty=",
    ]);
  });

  test("need not be there", () => {
    const bare = parseReplyHead("HTTP/1.1 204 No Content");
    expect(bare.status).toBe(204);
    let visits = 0;
    bare.headers.forEach(() => {
      visits += 1;
    });
    expect(visits).toBe(0);
  });
});

describe("the end of a body", () => {
  test.each([
    [["content-length: 12"], { kind: "length", bytes: 12 }],
    [["content-length: 0"], { kind: "none" }],
    [["Transfer-Encoding: Chunked"], { kind: "chunked" }],
    [[], { kind: "until-close" }],
  ] as const)("is known by %j", (lines, framing) => {
    expect(head(...lines).framing).toEqual(framing);
  });

  test.each([["HTTP/1.1 204 x"], ["HTTP/1.1 304 x"], ["HTTP/1.1 103 Early Hints"]])(
    "%s has no body whatever its fields say",
    (line) => {
      expect(parseReplyHead(`${line}\r\ncontent-length: 5`).framing.kind).toBe("none");
    },
  );
});

describe("a connection", () => {
  test.each([
    ["HTTP/1.1 200 OK", "content-length: 1", true],
    ["HTTP/1.1 200 OK", "content-length: 1\r\nConnection: Close", false],
    ["HTTP/1.0 200 OK", "content-length: 1", false],
    ["HTTP/1.0 200 OK", "content-length: 1\r\nconnection: keep-alive", true],
    ["HTTP/1.1 200 OK", "x: y", false],
  ])("after %s with %j may be used again: %p", (line, fields, isPersistent) => {
    expect(parseReplyHead(`${line}\r\n${fields}`).isPersistent).toBe(isPersistent);
  });

  test("is kept for as long as the server says", () => {
    expect(head("keep-alive: max=100, timeout=5").keepAliveSeconds).toBe(5);
    expect(head("x: y").keepAliveSeconds).toBeUndefined();
  });
});

test.each([
  "",
  "HTTP/2 200",
  "HTTP/1.1 20 OK",
  "HTTP/1.1 2000 OK",
  "ICY 200 OK",
  "HTTP/1.1 200 OK\r\n folded: x",
  "HTTP/1.1 200 OK\r\nx : y",
  "HTTP/1.1 200 OK\r\nno colon",
  "HTTP/1.1 200 OK\r\n: empty",
  "HTTP/1.1 200 OK\r\nx: a\nb: c",
  "HTTP/1.1 200 OK\r\nx: a\u0000b",
  "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6",
  "HTTP/1.1 200 OK\r\ncontent-length: -5",
  "HTTP/1.1 200 OK\r\ncontent-length: 0x5",
  "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked",
])("%j is refused", (text) => {
  expect(() => parseReplyHead(text)).toThrow(MalformedHttp);
});
