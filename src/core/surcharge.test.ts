// Surcharges: exact where they can be, rounded up where not, and the same object every time.

import { expect, test } from "bun:test";
import { type Rates, tokenRates } from "./pricing.ts";
import { withSurcharge } from "./surcharge.ts";

const RATES: Rates = {
  base: tokenRates({ input: 3_000_000n, cacheRead: 300_000n, output: 15_000_001n }),
  tiers: [{ aboveInputTokens: 200_000, rates: tokenRates({ input: 6_000_000n }) }],
  serverTools: { web_search: 10_000n },
  version: "catalogue:2026-09-23",
};

test("ten percent more a token, in every tier, rounded up, and nothing more a tool", () => {
  expect(withSurcharge(RATES, 10)).toEqual({
    ...RATES,
    base: tokenRates({ input: 3_300_000n, cacheRead: 330_000n, output: 16_500_002n }),
    tiers: [{ aboveInputTokens: 200_000, rates: tokenRates({ input: 6_600_000n }) }],
  });
});

test("none is none, and the same one is made once", () => {
  expect(withSurcharge(RATES, 0)).toBe(RATES);
  expect(withSurcharge(RATES, 10)).toBe(withSurcharge(RATES, 10));
  expect(withSurcharge(RATES, 20)).not.toEqual(withSurcharge(RATES, 10));
});
