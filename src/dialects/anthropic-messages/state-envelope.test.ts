import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ProviderState } from "../neutral.ts";
import { textToBase64Url } from "./base64-text.ts";
import { isEnvelope, isSealable, openEnvelope, sealStates, UNSIGNED } from "./state-envelope.ts";

function forged(content: unknown, origin = "gemini-generate"): string {
  return `sluice.v1.${origin}.${textToBase64Url(JSON.stringify(content))}`;
}

test("what was sealed is opened byte for byte", () => {
  const state = fc.record({
    origin: fc.constant("gemini-generate"),
    kind: fc.constantFrom("signature", "encrypted", "redacted", "id", "raw"),
    value: fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
  });
  fc.assert(
    fc.property(state, state, (first: ProviderState, second: ProviderState) => {
      const sealed = sealStates("next", [first, second]);
      expect(isEnvelope(sealed)).toBe(true);
      expect(openEnvelope(sealed)).toEqual({ place: "next", states: [first, second] });
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["no envelope", "c2lnbmF0dXJl"],
  ["nothing sealed", "sluice.v1.gemini-generate."],
  ["not JSON", "sluice.v1.gemini-generate.AAAA"],
  ["no object", forged([1])],
  ["no state", forged({ at: "this", state: [] })],
  ["an unknown place", forged({ at: "elsewhere", state: [{ kind: "id", value: "x" }] })],
  ["an unknown kind", forged({ at: "this", state: [{ kind: "secret", value: "x" }] })],
  ["a value that is no text", forged({ at: "this", state: [{ kind: "id", value: 1 }] })],
  ["one bad state of two", forged({ at: "this", state: [{ kind: "id", value: "x" }, null] })],
  [
    "this dialect's own state",
    forged({ at: "this", state: [{ kind: "raw", value: "{}" }] }, "anthropic-messages"),
  ],
  ["an origin with a dot", forged({ at: "this", state: [{ kind: "id", value: "x" }] }, "a.b")],
])("%s is not opened", (_name, text) => {
  expect(openEnvelope(text)).toBeUndefined();
});

test("unsigned reasoning opens to no state at all", () => {
  expect(openEnvelope(UNSIGNED)).toEqual({ place: "this", states: [] });
});

test("only plain origins other than this dialect's can be sealed", () => {
  expect(["openai-chat", "anthropic-messages", "unsigned", "A", "a.b", ""].map(isSealable)).toEqual(
    [true, false, false, false, false, false],
  );
});
