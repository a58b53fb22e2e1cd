// What tokens cost: rates of one model at one time, and the one place where usage becomes money.

import type { NanoUsd, PicoUsd } from "./money.ts";
import { picoToNano } from "./money.ts";
import type { Usage } from "./usage.ts";
import { totalInputTokens } from "./usage.ts";

/** The classes of tokens that have a rate of their own. */
export const RATE_CLASSES = [
  "input",
  "cacheRead",
  "cacheReadAudio",
  "cacheReadImage",
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
    cacheReadAudio: known.cacheReadAudio,
    cacheReadImage: known.cacheReadImage,
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
  /** What else than conversations a model is made for; undefined when nothing says so. */
  purposeOf?(model: string): "embed" | "rerank" | undefined;
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
  let sum: PicoUsd | undefined = inputCost(used, at);
  sum = cacheReadCost(sum, used, at);
  sum = charged(sum, used.cacheWrite5mTokens, at.cacheWrite5m ?? at.input);
  sum = charged(sum, used.cacheWrite1hTokens, at.cacheWrite1h ?? at.cacheWrite5m ?? at.input);
  sum = outputCost(sum, used, at);
  for (const name of Object.keys(used.serverToolRequests)) {
    const rate = Object.hasOwn(rates.serverTools, name) ? rates.serverTools[name] : undefined;
    sum = charged(sum, used.serverToolRequests[name] ?? 0, rate);
  }
  return sum === undefined ? undefined : picoToNano(sum);
}

/** True where all that is priced costs nothing, input and output at least. */
export function isFree({ base, tiers, serverTools }: Rates): boolean {
  if (base.input !== 0n || base.output !== 0n) return false;
  const all = [base, ...tiers.map(({ rates }) => rates)].flatMap((rates) => Object.values(rates));
  return [...all, ...Object.values(serverTools)].every((rate) => rate === undefined || rate === 0n);
}

/**
 * The most that a call can cost before the tools that the vendor runs: all of its input in the
 * dearest class that has a rate, cache writes included, and all of its output likewise.
 * @returns undefined when what input or output costs is unknown: then there is no bound
 */
export function worstCaseOf(
  rates: Rates,
  inputTokens: number,
  outputTokens: number,
): NanoUsd | undefined {
  const at = ratesAt(rates, inputTokens);
  let input = at.input;
  input = dearer(input, at.cacheRead);
  input = dearer(input, at.cacheReadAudio);
  input = dearer(input, at.cacheReadImage);
  input = dearer(input, at.cacheWrite5m);
  input = dearer(input, at.cacheWrite1h);
  input = dearer(input, at.inputAudio);
  input = dearer(input, at.inputImage);
  const output = dearer(dearer(at.output, at.outputAudio), at.outputImage);
  const sum = charged(charged(0n, inputTokens, input), outputTokens, output);
  return sum === undefined ? undefined : picoToNano(sum);
}

/** Input that no cache had to do with, its shares of audio and images apart. */
function inputCost(used: Usage, at: TokenRates): PicoUsd | undefined {
  const { inputTokens, inputAudioTokens, inputImageTokens } = used;
  const audio = Math.min(inputAudioTokens, inputTokens);
  const image = Math.min(inputImageTokens, inputTokens - audio);
  let sum = charged(0n, inputTokens - audio - image, at.input);
  sum = charged(sum, audio, at.inputAudio ?? at.input);
  return charged(sum, image, at.inputImage ?? at.input);
}

/** Adds what a cache gave, its shares of audio and images apart. */
function cacheReadCost(
  before: PicoUsd | undefined,
  used: Usage,
  at: TokenRates,
): PicoUsd | undefined {
  const { cacheReadTokens, cacheReadAudioTokens = 0, cacheReadImageTokens = 0 } = used;
  const audio = Math.min(cacheReadAudioTokens, cacheReadTokens);
  const image = Math.min(cacheReadImageTokens, cacheReadTokens - audio);
  const rate = at.cacheRead ?? at.input;
  let sum = charged(before, cacheReadTokens - audio - image, rate);
  sum = charged(sum, audio, at.cacheReadAudio ?? rate);
  return charged(sum, image, at.cacheReadImage ?? rate);
}

/** Adds the output, its shares of audio and images apart. */
function outputCost(before: PicoUsd | undefined, used: Usage, at: TokenRates): PicoUsd | undefined {
  const { outputTokens, outputAudioTokens, outputImageTokens } = used;
  const audio = Math.min(outputAudioTokens, outputTokens);
  const image = Math.min(outputImageTokens, outputTokens - audio);
  let sum = charged(before, outputTokens - audio - image, at.output);
  sum = charged(sum, audio, at.outputAudio ?? at.output);
  return charged(sum, image, at.outputImage ?? at.output);
}

/** A sum with so many at this rate; undefined as soon as something was used whose rate is unknown. */
function charged(
  sum: PicoUsd | undefined,
  count: number,
  rate: PicoUsd | undefined,
): PicoUsd | undefined {
  if (count === 0 || sum === undefined) return sum;
  return rate === undefined ? undefined : sum + BigInt(count) * rate;
}

/** The dearer of two rates; where the first is unknown nothing stands in for it. */
function dearer(rate: PicoUsd | undefined, other: PicoUsd | undefined): PicoUsd | undefined {
  if (rate === undefined || other === undefined) return rate;
  return other > rate ? other : rate;
}

function ratesAt(rates: Rates, inputTokens: number): TokenRates {
  let found = rates.base;
  for (const tier of rates.tiers) {
    if (inputTokens > tier.aboveInputTokens) found = tier.rates;
  }
  return found;
}
