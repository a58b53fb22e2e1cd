// What tokens cost: rates of one model at one time, and the one place where usage becomes money.

import type { NanoUsd, PicoUsd } from "./money.ts";
import { picoToNano } from "./money.ts";
import type { Usage } from "./usage.ts";
import { totalInputTokens } from "./usage.ts";

/** The classes of tokens that have a rate of their own. */
export const RATE_CLASSES = [
  "input",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "output",
  "inputAudio",
  "outputAudio",
  "inputImage",
  "outputImage",
] as const;
export type RateClass = (typeof RATE_CLASSES)[number];

/** Pico-dollars a token. A rate that is undefined is unknown; see `costOf` for what stands in. */
export type TokenRates = { readonly [rateClass in RateClass]: PicoUsd | undefined };

/** Fills the rates that are not given with undefined. */
export function tokenRates(known: Partial<TokenRates>): TokenRates {
  return {
    input: known.input,
    cacheRead: known.cacheRead,
    cacheWrite5m: known.cacheWrite5m,
    cacheWrite1h: known.cacheWrite1h,
    output: known.output,
    inputAudio: known.inputAudio,
    outputAudio: known.outputAudio,
    inputImage: known.inputImage,
    outputImage: known.outputImage,
  };
}

/** Rates that replace the base rates for a whole call with much input. */
export interface PriceTier {
  /** In force when all input, cached input included, exceeds this. */
  readonly aboveInputTokens: number;
  readonly rates: TokenRates;
}

/** The rates of a model with where they come from. */
export interface Rates {
  readonly base: TokenRates;
  /** Ascending; the highest one exceeded counts. */
  readonly tiers: readonly PriceTier[];
  /** Pico-dollars a call of a tool that the vendor runs, by name. */
  readonly serverTools: Readonly<Record<string, PicoUsd>>;
  /** `catalogue:<date>` or `document:<hash>`: stands on each recorded cost. */
  readonly version: string;
}

/** A catalogue of models and prices. */
export interface Catalogue {
  /** Names the catalogue in price versions. */
  readonly version: string;
  /** True when the vendor of this provider kind is known to offer the model. */
  knows(kind: string, model: string): boolean;
  /** All model names of a kind, for nearest-name hints and model lists. */
  models(kind: string): readonly string[];
  /** Rates in force at a time (milliseconds since the epoch); undefined when unknown. */
  rates(kind: string, model: string, atMs: number): Rates | undefined;
  /** Context window and output limit, 0 when unknown. */
  limits(
    kind: string,
    model: string,
  ): { readonly inputTokens: number; readonly outputTokens: number };
}

/**
 * The exact cost of a usage whose counters are whole numbers.
 *
 * Cached input without a rate of its own is charged as input, never as nothing: cache reads are
 * then over-stated rather than free. Audio and image shares are charged at rates of their own where
 * there are any.
 * @returns undefined when a class was used whose price is unknown
 */
export function costOf(used: Usage, rates: Rates): NanoUsd | undefined {
  const at = ratesAt(rates, totalInputTokens(used));
  let pico = 0n;
  for (const [tokens, rate] of chargedParts(used, at)) {
    if (tokens === 0) continue;
    if (rate === undefined) return undefined;
    pico += BigInt(tokens) * rate;
  }
  for (const [name, count] of Object.entries(used.serverToolRequests)) {
    if (count === 0) continue;
    if (!Object.hasOwn(rates.serverTools, name)) return undefined;
    pico += BigInt(count) * (rates.serverTools[name] ?? 0n);
  }
  return picoToNano(pico);
}

type ChargedPart = readonly [tokens: number, rate: PicoUsd | undefined];

/** Usage in disjoint parts, each with the rate that it is charged at. */
function chargedParts(used: Usage, at: TokenRates): readonly ChargedPart[] {
  const inputAudio = Math.min(used.inputAudioTokens, used.inputTokens);
  const inputImage = Math.min(used.inputImageTokens, used.inputTokens - inputAudio);
  const outputAudio = Math.min(used.outputAudioTokens, used.outputTokens);
  const outputImage = Math.min(used.outputImageTokens, used.outputTokens - outputAudio);
  return [
    [used.inputTokens - inputAudio - inputImage, at.input],
    [inputAudio, at.inputAudio ?? at.input],
    [inputImage, at.inputImage ?? at.input],
    [used.cacheReadTokens, at.cacheRead ?? at.input],
    [used.cacheWrite5mTokens, at.cacheWrite5m ?? at.input],
    [used.cacheWrite1hTokens, at.cacheWrite1h ?? at.cacheWrite5m ?? at.input],
    [used.outputTokens - outputAudio - outputImage, at.output],
    [outputAudio, at.outputAudio ?? at.output],
    [outputImage, at.outputImage ?? at.output],
  ];
}

function ratesAt(rates: Rates, inputTokens: number): TokenRates {
  let found = rates.base;
  for (const tier of rates.tiers) {
    if (inputTokens > tier.aboveInputTokens) found = tier.rates;
  }
  return found;
}
