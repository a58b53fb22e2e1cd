// Turns the catalogue's decimal texts into integer rates.

import { type PicoUsd, picoPerToken } from "#core/money.ts";
import { type Rates, type TokenRates, tokenRates } from "#core/pricing.ts";
import type { PricePeriod, RateTexts } from "./catalogue-file.ts";

/** Rates with the time that they begin to be in force. */
export interface DatedRates {
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs: number;
  /** Milliseconds of the day (UTC), the second exclusive; undefined = all day. */
  readonly daily: { readonly fromMs: number; readonly toMs: number } | undefined;
  readonly rates: Rates;
}

const DAY_MS = 24 * 3600 * 1000;

/** True when these rates hold at a time. The last that do are those in force. */
export function holdsAt({ fromMs, daily }: DatedRates, atMs: number): boolean {
  if (atMs < fromMs) return false;
  const timeMs = atMs % DAY_MS;
  return daily === undefined || (timeMs >= daily.fromMs && timeMs < daily.toMs);
}

/** A tool price is per thousand calls, a token price per million tokens. */
const THOUSANDS_IN_A_MILLION = 1000n;

/**
 * The price periods of a model with exact rates, oldest first, those of hours of the day last.
 * @param version stands on each cost that is computed from them
 * @throws Error when a text is no exact decimal: the catalogue is ours, so that is a fault of its own
 */
export function datedRates(periods: readonly PricePeriod[], version: string): DatedRates[] {
  return periods
    .map((period) => ({
      fromMs: period.from === undefined ? Number.NEGATIVE_INFINITY : dayStart(period.from),
      daily: period.daily && { fromMs: timeMs(period.daily.from), toMs: timeMs(period.daily.to) },
      rates: {
        base: exactRates(period.rates),
        tiers: (period.tiers ?? []).map((tier) => ({
          aboveInputTokens: tier.above_input_tokens,
          rates: exactRates(tier.rates),
        })),
        serverTools: toolRates(period.server_tools ?? {}),
        version,
      },
    }))
    .sort((left, right) => rankOf(left) - rankOf(right) || left.fromMs - right.fromMs);
}

/** Hours of the day win over days. */
function rankOf({ daily }: DatedRates): number {
  return daily === undefined ? 0 : 1;
}

function exactRates(texts: RateTexts): TokenRates {
  return tokenRates({
    input: exact(texts.input),
    cacheRead: exact(texts.cache_read),
    cacheReadAudio: exact(texts.cache_read_audio),
    cacheReadImage: exact(texts.cache_read_image),
    cacheWrite5m: exact(texts.cache_write_5m),
    cacheWrite1h: exact(texts.cache_write_1h),
    output: exact(texts.output),
    inputAudio: exact(texts.input_audio),
    outputAudio: exact(texts.output_audio),
    inputImage: exact(texts.input_image),
    outputImage: exact(texts.output_image),
  });
}

function toolRates(texts: Readonly<Record<string, string>>): Readonly<Record<string, PicoUsd>> {
  const rates: Record<string, PicoUsd> = {};
  for (const [name, text] of Object.entries(texts)) {
    rates[name] = (exact(text) ?? 0n) * THOUSANDS_IN_A_MILLION;
  }
  return rates;
}

function exact(text: string | undefined): PicoUsd | undefined {
  if (text === undefined) return undefined;
  const pico = picoPerToken(text);
  if (pico === undefined) throw new Error(`the catalogue holds ${text}, which is no exact price`);
  return pico;
}

function timeMs(time: string): number {
  const ms = Date.parse(`1970-01-01T${time}Z`);
  if (Number.isNaN(ms)) throw new Error(`the catalogue holds ${time}, which is no time of day`);
  return ms;
}

function dayStart(day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new Error(`the catalogue holds ${day}, which is no day`);
  return ms;
}
