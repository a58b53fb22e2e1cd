// Money in integers. Prices are pico-dollars a token; an attempt's cost is summed in pico and rounded
// once, half up, to nano-dollars. Nothing here ever passes through a float.

/** 10^-12 US dollars. */
export type PicoUsd = bigint;
/** 10^-9 US dollars. The unit of every recorded cost. */
export type NanoUsd = bigint;

const PICO_PER_NANO = 1000n;
const HALF_A_NANO = PICO_PER_NANO / 2n;
const NANO_DIGITS = 9;
const ZERO = 0x30;

/** Rounds a sum in pico-dollars to nano-dollars, half up. Costs are never negative. */
export function picoToNano(pico: PicoUsd): NanoUsd {
  return (pico + HALF_A_NANO) / PICO_PER_NANO;
}

/** Writes nano-dollars as an exact decimal string in dollars, without trailing zeros: `0.054399`. */
export function formatUsd(nano: NanoUsd): string {
  if (nano < 0n) return `-${formatUsd(-nano)}`;
  const digits = nano.toString().padStart(NANO_DIGITS + 1, "0");
  const point = digits.length - NANO_DIGITS;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  const whole = digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

/**
 * Reads a decimal number of dollars a million tokens, as people write prices, into pico-dollars a
 * token: `0.25` -> 250000n. One dollar a million tokens is 10^6 pico-dollars a token.
 * @returns undefined when the text is not a plain decimal number of at least 0 with at most 6 decimals
 */
export function picoPerToken(dollarsPerMillion: string): PicoUsd | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,6})0*)?$/.exec(dollarsPerMillion.trim());
  if (match === null) return undefined;
  return BigInt(match[1] ?? "0") * 1_000_000n + BigInt((match[2] ?? "").padEnd(6, "0"));
}
