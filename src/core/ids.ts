// Identifiers of an exchange. One 128-bit id serves the whole exchange: 48 bits of time, so that
// ids sort, and 80 bits of chance, of which 50 are the draw of the decision.

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_BYTES = 16;

/** 26 characters of Crockford base 32, sortable by time. Shared by `req_…` and `dec_…`. */
export type ExchangeId = string;

/**
 * Makes an exchange id.
 * @param nowMs milliseconds since the epoch
 * @param chance 10 random bytes
 */
export function exchangeId(nowMs: number, chance: Uint8Array): ExchangeId {
  const bytes = new Uint8Array(ID_BYTES);
  let rest = nowMs;
  for (let position = 5; position >= 0; position -= 1) {
    bytes[position] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(chance.subarray(0, 10), 6);
  return encode(bytes);
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
  for (const letter of id.slice(-11, -1)) value = value * 32 + ALPHABET.indexOf(letter);
  return value / 2 ** 50;
}

function encode(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
      buffer &= (1 << bits) - 1;
    }
  }
  return text + ALPHABET[(buffer << (5 - bits)) & 31];
}
