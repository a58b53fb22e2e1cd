// The document's prices over the catalogue's.

import { describe, expect, test } from "bun:test";
import { type PriceOverride, pricesWithOverlay, readPrice } from "./price-overlay.ts";
import { type Catalogue, type Rates, tokenRates } from "./pricing.ts";

const LISTED: Rates = {
  base: tokenRates({ input: 100n, cacheRead: 10n, output: 400n }),
  tiers: [{ aboveInputTokens: 1000, rates: tokenRates({ input: 200n, output: 800n }) }],
  serverTools: { web_search: 7n },
  version: "catalogue:2026-01-01",
};
const LATER: Rates = { ...LISTED, base: tokenRates({ input: 50n, output: 50n }), tiers: [] };

/** Knows one model, whose price changes at time 1000. */
const CATALOGUE: Catalogue = {
  version: "catalogue:2026-01-01",
  knows: (kind, model) => kind === "openai" && model === "gpt",
  models: () => ["gpt"],
  rates: (kind, model, atMs) =>
    kind === "openai" && model === "gpt" ? (atMs < 1000 ? LISTED : LATER) : undefined,
  limits: () => ({ inputTokens: 0, outputTokens: 0 }),
};

function lookUp(overrides: Record<string, PriceOverride>) {
  return pricesWithOverlay({
    catalogue: CATALOGUE,
    catalogueIds: new Map([
      ["work", "openai"],
      ["house", ""],
    ]),
    overrides: new Map(Object.entries(overrides)),
    version: "document:abc",
  });
}

describe("prices", () => {
  test("come from the catalogue, untouched, where the document says nothing", () => {
    const rates = lookUp({ "work/other": { input: 1n } })("work", "gpt", 0);
    expect(rates).toBe(LISTED);
  });

  test("are unknown where neither says anything", () => {
    const rates = lookUp({});
    expect(rates("work", "unheard-of", 0)).toBeUndefined();
    expect(rates("house", "gpt", 0)).toBeUndefined();
    expect(rates("nobody", "gpt", 0)).toBeUndefined();
  });

  test("are the document's for the fields that it has, in every tier", () => {
    const rates = lookUp({ "work/gpt": { input: 1n } })("work", "gpt", 0);
    expect(rates?.base).toEqual(tokenRates({ input: 1n, cacheRead: 10n, output: 400n }));
    expect(rates?.tiers).toEqual([
      { aboveInputTokens: 1000, rates: tokenRates({ input: 1n, output: 800n }) },
    ]);
    expect(rates?.serverTools).toEqual({ web_search: 7n });
    expect(rates?.version).toBe("document:abc");
  });

  test("may be zero", () => {
    const rates = lookUp({ "house/*": { input: 0n, output: 0n } })("house", "any/model", 0);
    expect(rates?.base).toEqual(tokenRates({ input: 0n, output: 0n }));
  });

  test("of one model win over those of the whole provider, field by field", () => {
    const rates = lookUp({
      "house/*": { input: 5n, output: 5n },
      "house/big": { output: 9n },
    });
    expect(rates("house", "big", 0)?.base).toEqual(tokenRates({ input: 5n, output: 9n }));
    expect(rates("house", "small", 0)?.base).toEqual(tokenRates({ input: 5n, output: 5n }));
  });

  test("of the whole provider do not touch another provider", () => {
    expect(lookUp({ "house/*": { input: 5n } })("work", "gpt", 0)).toBe(LISTED);
  });

  test("follow the catalogue through time under the document's fields", () => {
    const rates = lookUp({ "work/gpt": { output: 3n } });
    expect(rates("work", "gpt", 999)?.base.input).toBe(100n);
    expect(rates("work", "gpt", 1000)?.base).toEqual(tokenRates({ input: 50n, output: 3n }));
    expect(rates("work", "gpt", 999)?.base.input).toBe(100n);
  });

  test("do not mistake a model's name for a member of an object", () => {
    expect(lookUp({})("work", "__proto__", 0)).toBeUndefined();
    expect(lookUp({})("constructor", "gpt", 0)).toBeUndefined();
  });
});

describe("reading a price", () => {
  test.each([
    [0.25, 250_000n],
    ["2.00", 2_000_000n],
    [0, 0n],
    [15, 15_000_000n],
    [0.000001, 1n],
  ])("takes %p as people write it", (value, pico) => {
    expect(readPrice(value)).toBe(pico);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 0.1 + 0.2, 1e-7, 1e21, "free", ""])(
    "refuses %p",
    (value) => {
      expect(readPrice(value)).toBeUndefined();
    },
  );
});
