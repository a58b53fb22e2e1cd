// Filters by what models can do: who is left in the route, and what is said of the others.

import { describe, expect, test } from "bun:test";
import type { CallFacts } from "#core/facts.ts";
import { all, type Capabilities } from "#core/features.ts";
import { isPlain, missingFeatures, tooLong } from "./fit-capabilities.ts";

const PLAIN: CallFacts = {
  operation: "generate",
  dialect: "chat",
  model: "assistant",
  stream: false,
  wantsUsage: false,
  textLength: 40,
  maxOutputTokens: 100,
  choices: 1,
  messageCount: 1,
  toolCount: 0,
  imageCount: 0,
  audioCount: 0,
  fileCount: 0,
  hasSchema: false,
  reasoning: false,
  user: "",
  metadata: {},
};
const NOTHING: Capabilities = {
  features: all("none", "tools", "images", "audio", "files", "n", "json_schema", "json_mode"),
};

describe("a call", () => {
  test.each([
    ["with tools", { toolCount: 1 }, ["tools"]],
    ["with images", { imageCount: 2 }, ["images"]],
    ["with sound and documents", { audioCount: 1, fileCount: 1 }, ["audio", "files"]],
    ["for several answers", { choices: 2 }, ["n"]],
    ["for a shape", { hasSchema: true }, ["json_schema"]],
    ["of plain text", {}, []],
    ["that counts images", { operation: "count_tokens" as const, imageCount: 1 }, []],
  ])("%s needs just that", (_what, facts, missing) => {
    expect(missingFeatures({ ...PLAIN, ...facts }, NOTHING)).toEqual(missing);
  });

  test("is refused by no model of which nothing is known", () => {
    const facts = { ...PLAIN, toolCount: 3, imageCount: 3, choices: 3, hasSchema: true };
    expect(missingFeatures(facts, {})).toEqual([]);
  });

  test("for a shape may be stood in for", () => {
    const emulated: Capabilities = { features: { json_schema: "emulated", json_mode: "none" } };
    expect(missingFeatures({ ...PLAIN, hasSchema: true }, emulated)).toEqual([]);
  });

  test("of plain text is known to need nothing, before anything is looked up", () => {
    expect(isPlain(PLAIN)).toBe(true);
    expect(isPlain({ ...PLAIN, toolCount: 1 })).toBe(false);
  });

  test("may not have more tools or images than the model takes", () => {
    const limits = { tools: 2, images: 1 };
    const missing = missingFeatures({ ...PLAIN, toolCount: 3, imageCount: 2 }, { limits });
    expect(missing).toEqual(["more than 2 tools", "more than 1 images"]);
  });
});

describe("the length of a call", () => {
  test("is held against a known context alone", () => {
    const long = { inputTokens: 9_000 };
    expect(tooLong(PLAIN, long, { limits: { contextTokens: 8_192 } })).toBe(8_192);
    expect(tooLong(PLAIN, long, { limits: { contextTokens: 10_000 } })).toBeUndefined();
    expect(tooLong(PLAIN, long, {})).toBeUndefined();
  });
});
