import { expect, test } from "bun:test";
import type { Login } from "#core/login.ts";
import { Secret } from "#core/secret.ts";
import type { ProviderEntry } from "#snapshot/snapshot.ts";
import { holdsKey, holdsSecret, publicMessage } from "./hide-keys.ts";

const PROVIDER: ProviderEntry = {
  name: "house",
  kind: "openai",
  baseUrl: "http://127.0.0.1:1/v1",
  credentials: [
    { id: "a", value: new Secret("plain words (1)"), weight: 1 },
    { id: "b", value: new Secret("другой-ключ"), weight: 1 },
  ],
  headers: {},
  onDisconnect: "cancel",
  passthrough: [],
  privateAddresses: true,
  speaks: new Map(),
  settings: {},
  deployments: new Map(),
};

test("a provider's credentials are cut out whatever they look like, wherever they stand", () => {
  const text = "no plain words (1), nor другой-ключ, nor plain words (1)";
  expect(publicMessage(text, PROVIDER)).toBe("no [key], nor [key], nor [key]");
});

test("what looks like any vendor's key is cut out too", () => {
  for (const key of ["sk-proj-0123456789", "AIzaSyD0123456789", "gsk_0123456789abc"]) {
    expect(publicMessage(`Incorrect key ${key}.`, PROVIDER)).not.toContain(key.slice(0, 12));
  }
});

test("what the document sends in headers of its own is cut out, flags of the vendor are not", () => {
  const headers = {
    "x-house-token": "token of the house",
    "anthropic-beta": "context-1m-2025-08-07",
    "x-team": "search",
  };
  const text = "Bad token of the house, unknown flag context-1m-2025-08-07, search failed.";
  expect(publicMessage(text, { ...PROVIDER, headers })).toBe(
    "Bad [key], unknown flag context-1m-2025-08-07, search failed.",
  );
  const body = new TextEncoder().encode('{"error":"token of the house"}');
  expect(holdsKey(body, { ...PROVIDER, headers })).toBe(true);
  expect(holdsKey(body, PROVIDER)).toBe(false);
});

test("a message is one line of bounded length, and no key is cut in half by the bound", () => {
  const text = `${"x".repeat(495)}plain words (1)\r\nmore`;
  const shown = publicMessage(text, PROVIDER);
  expect(shown.length).toBeLessThanOrEqual(500);
  expect(shown).not.toContain("plain");
  expect(publicMessage("one\r\n\ttwo\u0000three", PROVIDER)).toBe("one two three");
});

test("a credential is found in a body, in any script and behind escapes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(holdsKey(bytes('{"a":"plain words (1)"}'), PROVIDER)).toBe(true);
  expect(holdsKey(bytes('{"a":"другой-ключ"}'), PROVIDER)).toBe(true);
  expect(holdsKey(bytes('{"a":"plain\\u0020words (1)"}'), PROVIDER)).toBe(true);
  expect(holdsKey(bytes('{"a":"plain words (2)"}'), PROVIDER)).toBe(false);
});

test("what a login holds and what a request was sent with are cut out, a private key also line by line", () => {
  const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ";
  const pem = `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`;
  const account = {
    type: "service_account",
    email: "a@b",
    keyId: "k",
    privateKey: new Secret(pem),
  };
  const login = { by: "google", scope: "s", tokenUrl: "https://t.example", account } as Login;
  const provider = { ...PROVIDER, credentials: [{ id: "a", login, weight: 1 }] };
  const text = `Bad ${line}, bad plain/token, by a@b.`;
  expect(publicMessage(text, provider, ["plain/token"])).toBe("Bad [key], bad [key], by a@b.");
  const body = new TextEncoder().encode('{"error":"plain\\u002ftoken"}');
  expect(holdsKey(body, provider, ["plain/token"])).toBe(true);
  expect(holdsKey(body, provider)).toBe(false);
});

test("the key of a session is cut out, the name of a region is not", () => {
  const text = "ASIAIOSFODNN7EXAMPLE may not call asia-northeast1-aiplatform.googleapis.com";
  expect(publicMessage(text, PROVIDER)).toBe(
    "[key] may not call asia-northeast1-aiplatform.googleapis.com",
  );
});

test("a token of the usual form is cut out wherever it comes from", () => {
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
  expect(publicMessage(`Not for ${token}.`, PROVIDER)).toBe("Not for [key].");
});

test("a credential is found in a text that is meant to be an id", () => {
  expect(holdsSecret("req-другой-ключ", PROVIDER, [])).toBe(true);
  expect(holdsSecret("req-token-of-today", PROVIDER, ["token-of-today"])).toBe(true);
  expect(holdsSecret("req-0123456789", PROVIDER, ["token-of-today"])).toBe(false);
});
