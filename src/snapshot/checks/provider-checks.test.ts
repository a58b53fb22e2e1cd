// Providers that cannot work, or must not.

import { describe, expect, test } from "bun:test";
import { PROVIDER_KINDS } from "#providers/list.ts";
import type { DocumentOrigin } from "../document/references.ts";
import { sampleErrors, sampleSnapshot } from "../sample-compile.ts";

function codes(provider: string, origin: DocumentOrigin = { kind: "file", path: "x" }) {
  const errors = sampleErrors(`providers:\n  a: { ${provider} }`, { origin });
  return errors.map(({ code, path }) => `${code} ${path}`);
}

const HOUSE = "kind: openai-compatible, base_url: ";

describe("kinds", () => {
  test("a misspelt kind is shown with the nearest one", () => {
    const [error] = sampleErrors("providers: { a: { kind: opnai, api_key: sk-a-1 } }");
    expect(error).toMatchObject({
      code: "unknown_name",
      hint: "Did you mean `openai`?",
      column: 25,
    });
  });

  test("a kind like nothing known is answered with the list", () => {
    const [error] = sampleErrors("providers: { a: { kind: wxyzwxyzwxyz } }");
    expect(error?.hint).toStartWith("Available are `openai`, `anthropic`, `gemini`, ");
    for (const id of PROVIDER_KINDS.keys()) expect(error?.hint).toContain(`\`${id}\``);
  });
});

describe("base URLs", () => {
  test.each([
    ["anthropic", "https://h.example/v1", "https://h.example"],
    ["gemini", "https://h.example/v1beta/", "https://h.example"],
    ["groq", "https://h.example/openai/v1", "https://h.example"],
    ["groq", "https://h.example", "https://h.example"],
    ["mistral", "https://h.example/v1/", "https://h.example"],
    ["xai", "https://h.example/v1", "https://h.example/v1"],
    ["openai", "https://h.example/v1", "https://h.example/v1"],
  ])("of %s mean the same with and without what its paths begin with: %s", (kind, given, kept) => {
    const document = `providers:\n  a: { kind: ${kind}, api_key: sk-real-1, base_url: "${given}" }`;
    expect(sampleSnapshot(document).providers.get("a")?.baseUrl).toBe(kept);
  });
});

describe("keys", () => {
  test.each([
    ["kind: openai", ["missing_key providers.a"]],
    [`${HOUSE}"http://h.example/v1"`, []],
    [
      "kind: openai, api_key: k-1, api_keys: [{ id: x, value: k-2 }]",
      ["conflict providers.a.api_keys"],
    ],
    [
      "kind: openai, api_keys: [{ id: x, value: k-1 }, { id: x, value: k-2 }]",
      ["duplicate providers.a.api_keys[1].id"],
    ],
    ["kind: openai, api_key: ''", ["weak_secret providers.a.api_key"]],
    ["kind: openai, api_key: 'two words'", ["weak_secret providers.a.api_key"]],
    ['kind: openai, api_key: "line\\nend"', ["weak_secret providers.a.api_key"]],
    ["kind: openai, api_key: your-api-key-here", ["weak_secret providers.a.api_key"]],
    ["kind: openai, api_key: sk-xxxxxxxxxxxx", ["weak_secret providers.a.api_key"]],
    ["kind: openai, api_key: <key>", ["weak_secret providers.a.api_key"]],
    ["kind: openai, api_key: changeme", ["weak_secret providers.a.api_key"]],
    ["kind: openai, api_key: sk-test", []],
    ["kind: openai, api_key: upstream-key", []],
    [`${HOUSE}"http://h.example/v1", api_key: changeme`, []],
    ["kind: demo, api_key: k-1", ["conflict providers.a.api_key"]],
  ])("%s", (provider, expected) => {
    expect(codes(provider)).toEqual(expected);
  });

  test("documents sent by API hold no keys", () => {
    expect(codes("kind: openai, api_key: sk-real-1", { kind: "api" })).toEqual([
      "literal_secret providers.a.api_key",
    ]);
    expect(codes("kind: openai, api_keys: [{ id: a, value: sk-real-1 }]", { kind: "api" })).toEqual(
      ["literal_secret providers.a.api_keys[0].value"],
    );
  });
});

describe("base_url", () => {
  test("it is required where the kind has none of its own", () => {
    expect(codes("kind: openai-compatible")).toEqual(["missing_key providers.a"]);
  });

  test("the hint shows an address of the kind's own sort", () => {
    const [azure] = sampleErrors("providers: { a: { kind: azure-openai, api_key: k-1 } }");
    expect(azure?.hint).toContain("openai.azure.com");
  });

  test.each(["ollama", "vllm", "lm-studio", "sglang"])(
    "a document sent by API may not name %s, whose own address is a loopback one",
    (kind) => {
      expect(codes(`kind: ${kind}`)).toEqual([]);
      expect(codes(`kind: ${kind}`, { kind: "api" })).toEqual(["forbidden_address providers.a"]);
      expect(codes(`kind: ${kind}, base_url: "https://h.example/v1"`, { kind: "api" })).toEqual([]);
    },
  );

  test.each([
    "ftp://h.example",
    "h.example/v1",
    "http://",
    "http://user:pw@h.example/v1",
    "http://user@h.example",
    "http://h.example/v1?key=1",
    "http://h.example/v1?",
    "http://h.example/v1#x",
    "http://h.example\\\\@evil.example",
    "http://h.example/a b",
    "file:///etc/passwd",
    "javascript:alert(1)",
  ])("%s is no address of an API", (url) => {
    expect(codes(`${HOUSE}"${url}"`)).toEqual(["invalid_value providers.a.base_url"]);
  });

  test.each([
    "http://169.254.169.254/latest",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://169.254.43518/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://metadata.google.internal/",
    "http://METADATA.GOOGLE.INTERNAL./",
    "http://metadata/computeMetadata",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
  ])("%s is refused everywhere", (url) => {
    expect(codes(`${HOUSE}"${url}"`)).toEqual(["forbidden_address providers.a.base_url"]);
    expect(codes(`${HOUSE}"${url}"`, { kind: "api" })).toEqual([
      "forbidden_address providers.a.base_url",
    ]);
  });

  test.each([
    "http://127.0.0.1:11434/v1",
    "http://127.1/",
    "http://2130706433/",
    "http://localhost:1/",
    "http://[::1]/",
    "http://10.0.0.7/",
    "http://192.168.1.1/",
    "http://[fd12::1]/",
    "http://0.0.0.0/",
  ])("%s is for the start-up file alone", (url) => {
    expect(codes(`${HOUSE}"${url}"`)).toEqual([]);
    expect(codes(`${HOUSE}"${url}"`, { kind: "api" })).toEqual([
      "forbidden_address providers.a.base_url",
    ]);
  });

  test("it is kept without a slash at its end, and private addresses only for files", () => {
    const text = `providers: { a: { ${HOUSE}"https://H.example:443/v1//" } }`;
    expect(sampleSnapshot(text).providers.get("a")).toMatchObject({
      baseUrl: "https://h.example/v1",
      privateAddresses: true,
    });
    expect(
      sampleSnapshot(text, { origin: { kind: "api" } }).providers.get("a")?.privateAddresses,
    ).toBe(false);
  });
});

describe("headers", () => {
  const withHeader = (header: string) =>
    codes(`${HOUSE}"http://h.example/v1", headers: { ${header} }`);

  test.each([
    "Authorization: Bearer x",
    "x-api-key: x",
    "X-Goog-Api-Key: x",
    "cookie: a=b",
    "Host: evil.example",
    "connection: close",
    "Transfer-Encoding: chunked",
    "content-length: '3'",
    "accept-encoding: gzip",
    "x-sluice-tags: a",
    "traceparent: x",
    "'bad name': x",
    '"a:b": x',
    '"a\\r\\nb": x',
    '"": x',
    'good: "x\\r\\ny: z"',
    'good: "caf\\u00e9"',
    'good: " x"',
  ])("%s is refused", (header) => {
    const found = withHeader(header);
    expect(found).toHaveLength(1);
    expect(found[0]).toStartWith("invalid_value providers.a.headers");
  });

  test("that hold a secret are refused in documents sent by API alone", () => {
    for (const header of [
      "x-auth: abc",
      "x-portkey-api-key: abc",
      "x-team: Bearer abc",
      "x-team: sk-ant-api03-0123456789",
    ]) {
      const text = `${HOUSE}"http://h.example/v1", headers: { ${header} }`;
      const [name] = header.split(":");
      expect(codes(text, { kind: "api" })).toEqual([`literal_secret providers.a.headers.${name}`]);
      expect(codes(text)).toEqual([]);
    }
    const plain = `${HOUSE}"http://h.example/v1", headers: { anthropic-beta: some-flag, x-monkey: blue }`;
    expect(codes(plain, { kind: "api" })).toEqual([]);
  });

  test("two spellings of one header are one too many", () => {
    expect(withHeader("X-Team: a, x-team: b")).toEqual([
      "invalid_value providers.a.headers.x-team",
    ]);
  });

  test("others are kept, in lower case", () => {
    const text = `providers: { a: { ${HOUSE}"http://h.example/v1", headers: { X-Team: blue, HTTP-Referer: "https://a.example" } } }`;
    expect(sampleSnapshot(text).providers.get("a")?.headers).toEqual({
      "x-team": "blue",
      "http-referer": "https://a.example",
    });
  });
});
