// What tokens cost: rates of one model at one time, and the one place where usage becomes money.

import type { NanoUsd, PicoUsd } from "./money.ts";
import { picoToNano } from "./money.ts";
import type { Usage } from "./usage.ts";
import { totalInputTokens } from "./usage.ts";

/** Pico-dollars a token. A rate that is undefined is unknown; see `costOf` for what stands in. */
export interface TokenRates {
  readonly input: PicoUsd | undefined;
  readonly cacheRead: PicoUsd | undefined;
  readonly cacheWrite5m: PicoUsd | undefined;
  readonly cacheWrite1h: PicoUsd | undefined;
  readonly output: PicoUsd | undefined;
  readonly inputAudio: PicoUsd | undefined;
  readonly outputAudio: PicoUsd | undefined;
}

/** The rates of a model with where they come from. */
export interface Rates {
  readonly base: TokenRates;
  /** Rates that replace `base` for the whole call when all its input exceeds `aboveInputTokens`;
   *  ascending. */
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly rates: TokenRates }[];
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
  limits(kind: string, model: string): { readonly inputTokens: number; readonly outputTokens: number };
}

/**
 * The exact cost of a usage.
 *
 * Cached input without a rate of its own is charged as input, never as nothing: cache reads are
 * then over-stated rather than free. Audio shares are charged at audio rates where there are any.
 * @returns undefined when a class was used whose price is unknown
 */
export function costOf(used: Usage, rates: Rates): NanoUsd | undefined {
  const at = ratesAt(rates, totalInputTokens(used));
  const input = at.input;
  const inputAudio = Math.min(used.inputAudioTokens, used.inputTokens);
  const outputAudio = Math.min(used.outputAudioTokens, used.outputTokens);
  let pico = 0n;
  const parts: readonly (readonly [number, PicoUsd | undefined])[] = [
    [used.inputTokens - inputAudio, input],
    [inputAudio, at.inputAudio ?? input],
    [used.cacheReadTokens, at.cacheRead ?? input],
    [used.cacheWrite5mTokens, at.cacheWrite5m ?? input],
    [used.cacheWrite1hTokens, at.cacheWrite1h ?? at.cacheWrite5m ?? input],
    [used.outputTokens - outputAudio, at.output],
    [outputAudio, at.outputAudio ?? at.output],
  ];
  for (const [tokens, rate] of parts) {
    if (tokens === 0) continue;
    if (rate === undefined) return undefined;
    pico += BigInt(tokens) * rate;
  }
  for (const [name, count] of Object.entries(used.serverToolRequests)) {
    const rate = rates.serverTools[name];
    if (rate === undefined) return undefined;
    pico += BigInt(count) * rate;
  }
  return picoToNano(pico);
}

function ratesAt(rates: Rates, inputTokens: number): TokenRates {
  let found = rates.base;
  for (const tier of rates.tiers) {
    if (inputTokens > tier.aboveInputTokens) found = tier.rates;
  }
  return found;
}
