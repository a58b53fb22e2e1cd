// What a place costs on top of a model's price: a percentage of every token.

import type { PicoUsd } from "./money.ts";
import { RATE_CLASSES, type RateClass, type Rates, type TokenRates } from "./pricing.ts";

/** Rates are made once and looked up for every call; so are those with a surcharge. */
const MADE = new WeakMap<Rates, Map<number, Rates>>();

/** The same rates with so many percent more a token; tools that the vendor runs cost the same. */
export function withSurcharge(rates: Rates, percent: number): Rates {
  if (percent === 0) return rates;
  let byPercent = MADE.get(rates);
  if (byPercent === undefined) {
    byPercent = new Map();
    MADE.set(rates, byPercent);
  }
  let made = byPercent.get(percent);
  if (made === undefined) {
    made = {
      ...rates,
      base: dearer(rates.base, percent),
      tiers: rates.tiers.map((tier) => ({ ...tier, rates: dearer(tier.rates, percent) })),
    };
    byPercent.set(percent, made);
  }
  return made;
}

/** What is no whole number of pico-dollars is rounded up. */
function dearer(rates: TokenRates, percent: number): TokenRates {
  const result: Record<RateClass, PicoUsd | undefined> = { ...rates };
  for (const rateClass of RATE_CLASSES) {
    const rate = rates[rateClass];
    if (rate !== undefined) result[rateClass] = (rate * BigInt(100 + percent) + 99n) / 100n;
  }
  return result;
}
