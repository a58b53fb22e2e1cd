import { describe, expect, test } from "bun:test";
import { readRule, ruleFor } from "./passthrough-rule.ts";

function rules(...texts: string[]) {
  return texts.map((text) => {
    const rule = readRule(text);
    if (rule === undefined) throw new Error(`${text} is no rule.`);
    return rule;
  });
}

describe("a rule", () => {
  test.each([
    "POST /v1/files",
    "GET /v1/jobs/{id}/events",
    "DELETE /v1/files/{file_id}",
    "PATCH /a:b/c@d",
  ])("%s is one", (text) => expect(readRule(text)?.text).toBe(text));

  test.each([
    "",
    "/v1/files",
    "post /v1/files",
    "HEAD /v1/files",
    "CONNECT /v1",
    "GET v1/files",
    "GET  /v1/files",
    "GET /",
    "GET /v1//files",
    "GET /v1/files/",
    "GET /v1/../admin",
    "GET /v1/./x",
    "GET /v1/%2e%2e/x",
    "GET /v1/a%2Fb",
    "GET /v1/files?x=1",
    "GET /v1/files#x",
    "GET /v1/{}",
    "GET /v1/a{id}",
    "GET /v1/a b",
    "GET /v1/a\\b",
  ])("%p is none", (text) => {
    expect(readRule(text)).toBeUndefined();
  });
});

describe("a call", () => {
  const known = rules("POST /v1/files", "GET /v1/files/{id}", "GET /v1/files/{id}/content");

  test.each([
    ["POST", "/v1/files", "POST /v1/files"],
    ["GET", "/v1/files/file-1", "GET /v1/files/{id}"],
    ["GET", "/v1/files/file-1/content", "GET /v1/files/{id}/content"],
    ["GET", "/v1/files/...", "GET /v1/files/{id}"],
  ])("%s %s is of %s", (method, path, text) => {
    expect(ruleFor(known, method, path)?.text).toBe(text);
  });

  test.each([
    ["GET", "/v1/files"],
    ["DELETE", "/v1/files/file-1"],
    ["POST", "/v1/files/"],
    ["POST", "/v1//files"],
    ["POST", "/V1/files"],
    ["GET", "/v1/files/.."],
    ["GET", "/v1/files/."],
    ["GET", "/v1/files/%2e%2e"],
    ["GET", "/v1/files/a%2fcontent"],
    ["GET", "/v1/files/a%00"],
    ["GET", "/v1/files/a\\..\\b"],
    ["GET", "/v1/files/a/b/content"],
    ["POST", "v1/files"],
    ["POST", ""],
  ])("%s %s is of none", (method, path) => {
    expect(ruleFor(known, method, path)).toBeUndefined();
  });
});
