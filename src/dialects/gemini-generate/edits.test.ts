// Edits of bodies that pass through.

import { expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { sampleFacts } from "../sample-contexts.ts";
import { editBody } from "./edits.ts";
import { SIGNATURE_SENTINEL, sealEnvelope } from "./signatures.ts";

const edit = (body: JsonObject) => Object.fromEntries(editBody(sampleFacts(), "gemini-x", body));
const ENVELOPE = sealEnvelope([{ origin: "openai-chat", kind: "encrypted", value: "abc" }], false);

test("changes nothing in an ordinary body", () => {
  const parts = [{ text: "Hi", thoughtSignature: "U2lnbmF0dXJl" }, { functionCall: { name: "f" } }];
  expect(edit({ contents: [{ role: "model", parts }], tools: [], unknown: 1 })).toEqual({});
});

test("lets no model in the body disagree with the one in the URL", () => {
  expect(edit({ model: "models/other", contents: [] })).toEqual({ model: undefined });
  expect(edit({ generate_content_request: { model: "models/other", contents: [] } })).toEqual({
    generate_content_request: { model: "models/gemini-x", contents: [] },
  });
});

test("keeps envelopes of other vendors' state from Google", () => {
  const parts = [
    { text: "thinking", thought: true, thoughtSignature: ENVELOPE },
    { text: "", thought: true, thought_signature: ENVELOPE },
    { functionCall: { name: "f" }, thoughtSignature: ENVELOPE },
    { text: "own", thoughtSignature: "U2lnbmF0dXJl" },
  ];
  expect(edit({ contents: [{ role: "model", parts }, { parts: [{ text: "Go on" }] }] })).toEqual({
    contents: [
      {
        role: "model",
        parts: [
          { text: "thinking", thought: true },
          { functionCall: { name: "f" }, thoughtSignature: SIGNATURE_SENTINEL },
          { text: "own", thoughtSignature: "U2lnbmF0dXJl" },
        ],
      },
      { parts: [{ text: "Go on" }] },
    ],
  });
});
