// The `prices` section in the form that the price look-up reads.

import type { PicoUsd } from "#core/money.ts";
import type { PriceOverride } from "#core/price-overlay.ts";
import { PRICE_FIELDS } from "#core/price-overlay.ts";
import type { RateClass } from "#core/pricing.ts";
import type { SluiceDocument } from "./document/document.ts";

/** `provider/model` or `provider/*` -> the rates that the document gives. */
export function priceOverrides(
  prices: SluiceDocument["prices"],
): ReadonlyMap<string, PriceOverride> {
  return new Map(Object.entries(prices).map(([name, entry]) => [name, overrideOf(entry)]));
}

function overrideOf(entry: SluiceDocument["prices"][string]): PriceOverride {
  const override: { [rateClass in RateClass]?: PicoUsd } = {};
  for (const [field, rateClass] of Object.entries(PRICE_FIELDS)) {
    const rate = entry[field as keyof typeof PRICE_FIELDS];
    if (rate !== undefined) override[rateClass] = rate;
  }
  return override;
}
