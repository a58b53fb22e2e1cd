// Identifiers of an exchange. One 128-bit id serves the whole exchange: 48 bits of time, so that
// ids sort, and 80 bits of chance, of which 50 are the draw of the decision.

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** Character codes by value, and values by character code. */
const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const VALUES = new Uint8Array(128);
for (const [value, code] of CODES.entries()) VALUES[code] = value;

const TIME_BYTES = 6;
const CHANCE_BYTES = 10;

/** 26 characters of Crockford base 32, sortable by time. Shared by `req_…` and `dec_…`. */
export type ExchangeId = string;

/**
 * Makes an exchange id.
 * @param nowMs milliseconds since the epoch
 * @param chance 10 random bytes
 */
export function exchangeId(nowMs: number, chance: Uint8Array): ExchangeId {
  const codes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (let position = 0; position < TIME_BYTES + CHANCE_BYTES; position += 1) {
    const byte = position < TIME_BYTES ? timeByte(nowMs, position) : chance[position - TIME_BYTES];
    buffer = (buffer << 8) | (byte ?? 0);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      codes.push(codeOf(buffer >> bits));
    }
  }
  codes.push(codeOf(buffer << (5 - bits)));
  return String.fromCharCode(...codes);
}

/** The id that clients and logs see as `x-request-id`. */
export function requestIdOf(id: ExchangeId): string {
  return `req_${id}`;
}

/** The id that clients and logs see as `x-sluice-decision`. */
export function decisionIdOf(id: ExchangeId): string {
  return `dec_${id}`;
}

/**
 * The draw of a decision: a number in [0, 1) out of 50 random bits of the id, so that a weighted
 * route can be computed again from the id alone.
 */
export function drawOf(id: ExchangeId): number {
  let value = 0;
  for (let position = id.length - 11; position < id.length - 1; position += 1) {
    value = value * 32 + (VALUES[id.charCodeAt(position)] ?? 0);
  }
  return value / 2 ** 50;
}

function timeByte(nowMs: number, position: number): number {
  return Math.floor(nowMs / 2 ** (8 * (TIME_BYTES - 1 - position))) & 255;
}

/** Of the lowest five bits. */
function codeOf(bits: number): number {
  return CODES[bits & 31] ?? 0;
}
