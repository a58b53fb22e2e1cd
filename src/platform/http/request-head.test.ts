// Heads of requests: one line a field, and nothing that makes two of one.

import { expect, test } from "bun:test";
import { splitUrl } from "./origin.ts";
import { requestHead } from "./request-head.ts";

const LINE = { method: "POST", target: "/v1/x?y=z", host: "api.example.com" };

test("a head is the line, the host, the fields and the length", () => {
  const text = requestHead(LINE, { "user-agent": "test", authorization: "Bearer k" }, 12);
  expect(text).toBe(
    "POST /v1/x?y=z HTTP/1.1\r\nhost: api.example.com\r\nuser-agent: test\r\nauthorization: Bearer k\r\ncontent-length: 12\r\n\r\n",
  );
});

test("what a call does not say of its client is said for it", () => {
  expect(requestHead(LINE, {}, 0)).toContain("\r\nuser-agent: sluice\r\n");
});

test.each([
  [{ "x-a": "b\r\nx-c: d" }],
  [{ "x-a": "b\nc" }],
  [{ "x-a": "b\u0000" }],
  [{ "x-a: b\r\nx-c": "d" }],
  [{ "": "d" }],
])("%j is refused", (headers) => {
  expect(() => requestHead(LINE, headers, 0)).toThrow(TypeError);
});

test("headers that never change are the same in every head", () => {
  const headers = Object.freeze({ "x-a": "b", "user-agent": "c" });
  expect(requestHead(LINE, headers, 1)).toBe(requestHead(LINE, { ...headers }, 1));
  expect(requestHead(LINE, headers, 22)).toEndWith("content-length: 22\r\n\r\n");
});

test.each([
  ["http://127.0.0.1:8080/v1/x", "http://127.0.0.1:8080", "127.0.0.1", 8080, "/v1/x"],
  ["https://API.Example.com/v1?a=b", "https://api.example.com", "api.example.com", 443, "/v1?a=b"],
  ["http://[::1]:81", "http://[::1]:81", "::1", 81, "/"],
  ["http://host/a b#c", "http://host", "host", 80, "/a%20b"],
  ["http://host/ü", "http://host", "host", 80, "/%C3%BC"],
])("%s goes to %s", (url, name, host, port, target) => {
  const split = splitUrl(url);
  expect(split.target).toBe(target);
  expect(split.origin).toMatchObject({ name, host, port });
});

test("only the web's two schemes have connections", () => {
  expect(() => splitUrl("ftp://host/x")).toThrow(TypeError);
});
