// The prices that operators write, laid over the catalogue's: field by field, the document wins.

import { type PicoUsd, picoPerToken } from "./money.ts";
import {
  type Catalogue,
  RATE_CLASSES,
  type RateClass,
  type Rates,
  type TokenRates,
  tokenRates,
} from "./pricing.ts";
import { withSurcharge } from "./surcharge.ts";

/** Names of the rates in the document, with the class of tokens that each is for. */
export const PRICE_FIELDS = {
  input: "input",
  cache_read: "cacheRead",
  cache_read_audio: "cacheReadAudio",
  cache_read_image: "cacheReadImage",
  cache_write_5m: "cacheWrite5m",
  cache_write_1h: "cacheWrite1h",
  output: "output",
  input_audio: "inputAudio",
  output_audio: "outputAudio",
  input_image: "inputImage",
  output_image: "outputImage",
} as const satisfies Record<string, RateClass>;
export type PriceField = keyof typeof PRICE_FIELDS;

/** Rates that the document gives for one target; what it does not give is undefined. */
export type PriceOverride = Partial<TokenRates>;

/** What `pricesWithOverlay` puts together. */
export interface OverlaidPrices {
  readonly catalogue: Catalogue;
  /** Name of each provider -> its kind's name in the catalogue, empty when it has none. */
  readonly catalogueIds: ReadonlyMap<string, string>;
  /** The model that a name of a provider stands for, in the catalogue's words; absent = itself. */
  readonly standsFor?: (provider: string, model: string) => string;
  /** Percent that a provider's place costs on top of the catalogue's price; absent = none anywhere. */
  readonly surcharge?: (provider: string, model: string) => number;
  /** `provider/model` or `provider/*` -> what the document says. */
  readonly overrides: ReadonlyMap<string, PriceOverride>;
  /** `document:<hash>`: stands on each cost that the document had a part in. */
  readonly version: string;
}

/** Merged rates kept; callers choose model names, so that the memory needs a bound. */
const MAX_REMEMBERED_TARGETS = 4096;

/**
 * Reads a price as people write it in YAML, in US dollars a million tokens.
 * @param value a number or a decimal text: `0.25`, `"2.00"`
 * @returns pico-dollars a token, undefined when it is no decimal of at least 0 with at most 6 decimals
 */
export function readPrice(value: number | string): PicoUsd | undefined {
  return picoPerToken(String(value));
}

/**
 * One look-up over document and catalogue. A field of `provider/model` wins over the same field of
 * `provider/*`, and that over the catalogue's. A field of the document holds for every tier.
 * @returns rates by provider name, model and time (milliseconds since the epoch); undefined when
 *   neither document nor catalogue has a price
 */
export function pricesWithOverlay(
  prices: OverlaidPrices,
): (provider: string, model: string, atMs: number) => Rates | undefined {
  const { catalogue, catalogueIds, overrides, version, standsFor, surcharge } = prices;
  const remembered = new Map<string, { base: Rates | undefined; merged: Rates }>();
  return (provider, model, atMs) => {
    const known = standsFor === undefined ? model : standsFor(provider, model);
    const listed = catalogue.rates(catalogueIds.get(provider) ?? "", known, atMs);
    const base =
      surcharge === undefined || listed === undefined
        ? listed
        : withSurcharge(listed, surcharge(provider, known));
    const name = `${provider}/${model}`;
    const general = overrides.get(`${provider}/*`);
    const exact = overrides.get(name);
    if (general === undefined && exact === undefined) return base;
    const earlier = remembered.get(name);
    if (earlier !== undefined && earlier.base === base) return earlier.merged;
    const merged = mergeRates(base, replaceRates(tokenRates(general ?? {}), exact ?? {}), version);
    if (remembered.size >= MAX_REMEMBERED_TARGETS) remembered.clear();
    remembered.set(name, { base, merged });
    return merged;
  };
}

function mergeRates(base: Rates | undefined, override: PriceOverride, version: string): Rates {
  return {
    base: replaceRates(base?.base ?? tokenRates({}), override),
    tiers: (base?.tiers ?? []).map((tier) => ({
      ...tier,
      rates: replaceRates(tier.rates, override),
    })),
    serverTools: base?.serverTools ?? {},
    version,
  };
}

function replaceRates(rates: TokenRates, override: PriceOverride): TokenRates {
  const result: Record<RateClass, PicoUsd | undefined> = { ...rates };
  for (const rateClass of RATE_CLASSES) {
    const written = override[rateClass];
    if (written !== undefined) result[rateClass] = written;
  }
  return result;
}
