// Prices of models that clouds sell: by the clouds' own names, never by the makers'.

import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "./catalogue.ts";

const NOW = Date.UTC(2026, 10, 22);

/** Dollars a million tokens of input, as text; undefined when the price is unknown. */
function input(kind: string, model: string): string | undefined {
  const pico = CATALOGUE.rates(kind, model, NOW)?.base.input;
  return pico === undefined ? undefined : String(Number(pico) / 1_000_000);
}

describe("Bedrock", () => {
  test.each([
    ["anthropic.claude-3-haiku-20240307-v1:0", "0.25"],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "3.3"],
    ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "3"],
    ["eu.amazon.nova-micro-v1:0", "0.035"],
    ["us.meta.llama4-maverick-17b-instruct-v1:0", "0.24"],
    [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "3.3",
    ],
    ["arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3", undefined],
    ["claude-3-5-haiku-20241022", undefined],
    ["claude-sonnet-4-5-20250929", undefined],
    ["gpt-5.6-luna", undefined],
  ])("%s costs %p", (model, price) => {
    expect(input("bedrock", model)).toBe(price as string);
    if (price === undefined) expect(CATALOGUE.knows("bedrock", model)).toBe(false);
  });

  test("writes Claude's cache for an hour at twice the input", () => {
    const base = CATALOGUE.rates("bedrock", "us.anthropic.claude-sonnet-4-6", NOW)?.base;
    expect(base?.cacheWrite1h).toBe(6_600_000n);
  });

  test("lists no name that the vendor does not know", () => {
    expect(CATALOGUE.models("bedrock").filter((name) => name.startsWith("regional"))).toEqual([]);
    expect(CATALOGUE.models("bedrock")).toContain("anthropic.claude-3-haiku-20240307-v1:0");
  });
});

describe("Vertex", () => {
  test.each([
    ["gemini-2.5-flash", "0.3"],
    ["claude-sonnet-4-5@20250929", "3"],
    ["claude-haiku-4-5@20251001", "1"],
    ["claude-opus-4@20250514", "15"],
    ["meta/llama-3.3-70b-instruct-maas", undefined],
    ["gemma-3-27b-it", undefined],
  ])("%s costs %p", (model, price) => {
    expect(input("vertex", model)).toBe(price as string);
  });

  test("takes no price of the maker's tools over", () => {
    const borrowed = CATALOGUE.rates("vertex", "claude-haiku-4-5@20251001", NOW);
    expect(borrowed?.serverTools).toEqual({});
    const own = CATALOGUE.rates("anthropic", "claude-haiku-4-5-20251001", NOW);
    expect(own?.serverTools).toHaveProperty("web_search");
    expect(CATALOGUE.rates("vertex", "claude-haiku-4-5@20251001", NOW)).toBe(borrowed);
  });
});

describe("Azure", () => {
  test.each([
    ["gpt-4.1", "2"],
    ["o3-mini", "1.1"],
    ["text-embedding-3-small", "0.02"],
    ["our-assistant", undefined],
    ["phi-4", undefined],
  ])("a deployment called %s costs %p", (model, price) => {
    expect(input("azure-openai", model)).toBe(price as string);
  });
});
