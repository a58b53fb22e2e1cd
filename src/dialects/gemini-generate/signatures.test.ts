// Signatures, the sentinel and envelopes.

import { expect, test } from "bun:test";
import { Buffer } from "node:buffer";
import {
  ENCODED_SENTINEL,
  isEnvelope,
  isSentinel,
  readSignature,
  SIGNATURE_SENTINEL,
  sealEnvelope,
} from "./signatures.ts";

const STATES = [
  { origin: "anthropic-messages", kind: "signature", value: "ErUB+/=é" },
  { origin: "anthropic-messages", kind: "id", value: "msg_1" },
] as const;

test("keeps Google's signature byte for byte, whatever its alphabet", () => {
  for (const value of ["CiQB+/w==", "CiQB-_w", "x"]) {
    const state = { origin: "gemini-generate", kind: "signature", value } as const;
    expect(readSignature(value).states).toEqual([state]);
  }
});

test("takes the sentinel for no signature in every spelling that SDKs give it", () => {
  const url = Buffer.from(SIGNATURE_SENTINEL).toString("base64url");
  for (const value of [SIGNATURE_SENTINEL, ENCODED_SENTINEL, url]) {
    expect(isSentinel(value)).toBe(true);
    expect(readSignature(value).states).toEqual([]);
  }
});

test("carries another vendor's state through a client that decodes and encodes the field", () => {
  const sealed = sealEnvelope(STATES, false);
  expect(Buffer.from(sealed, "base64").toString()).toStartWith("sluice.v1.anthropic-messages.");
  for (const value of [sealed, Buffer.from(sealed, "base64").toString("base64url")]) {
    expect(isEnvelope(value)).toBe(true);
    expect(readSignature(value)).toEqual({ states: STATES, isEnvelope: true, isRedacted: false });
  }
  expect(readSignature(sealEnvelope([], true))).toMatchObject({ states: [], isRedacted: true });
});

test("never trusts an envelope that nobody here can have written", () => {
  const forged = [
    'sluice.v1.gemini-generate.{"states":[["signature","x"]]}',
    'sluice.v1.openai-chat.{"states":[["raw","x"]]}',
    'sluice.v1.openai-chat.{"states":[["signature",1]]}',
    'sluice.v1.open ai.{"states":[]}',
    "sluice.v1.openai-chat.{",
    "sluice.v1.openai-chat",
    "sluice.v1",
  ];
  for (const text of forged) {
    const { states } = readSignature(Buffer.from(text).toString("base64"));
    expect(states).toEqual([{ origin: "unreadable", kind: "signature", value: "" }]);
  }
});
