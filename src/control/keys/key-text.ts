// The text of keys that Sluice makes: `sk-sluice-` + public id + secret + checksum, all in base 32.

import { crc32 } from "node:zlib";

/** What every key of ours begins with. */
export const KEY_PREFIX = "sk-sluice-";

/** Random bytes that one id takes: 60 bits are used. */
export const ID_BYTES = 12;
/** Random bytes that one secret takes: 5 bits of each are used, 200 bits in all. */
export const SECRET_BYTES = 40;

const CHECKSUM_LETTERS = 7;
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LETTERS = ID_BYTES + SECRET_BYTES + CHECKSUM_LETTERS;
const SHAPE = new RegExp(`^${KEY_PREFIX}[${ALPHABET}]{${LETTERS}}$`);

/** One letter a byte: of each byte the lower five bits. */
export function lettersOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += ALPHABET[byte & 31];
  return text;
}

/**
 * Puts a key together.
 * @param id as `lettersOf` gives it for `ID_BYTES` random bytes
 * @param secret `SECRET_BYTES` random bytes
 */
export function keyText(id: string, secret: Uint8Array): string {
  const body = `${KEY_PREFIX}${id}${lettersOf(secret)}`;
  return body + checksumOf(body);
}

/** True when the text claims to be a key that Sluice made. */
export function claimsToBeOurs(presented: string): boolean {
  return presented.startsWith(KEY_PREFIX);
}

/** The public id inside a key, or undefined when its shape or checksum is wrong. */
export function publicIdOf(presented: string): string | undefined {
  if (!claimsToBeOurs(presented) || !SHAPE.test(presented)) return undefined;
  const bodyEnd = presented.length - CHECKSUM_LETTERS;
  if (crc32(presented.slice(0, bodyEnd)) !== checksumIn(presented, bodyEnd)) return undefined;
  return presented.slice(KEY_PREFIX.length, KEY_PREFIX.length + ID_BYTES);
}

/** CRC-32 of the text, lowest digit first: it finds typing errors and cut keys, it protects nothing. */
function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = "";
  for (let count = 0; count < CHECKSUM_LETTERS; count += 1) {
    text += ALPHABET[rest % 32];
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** The number that `checksumOf` wrote. */
function checksumIn(text: string, start: number): number {
  let value = 0;
  for (let position = text.length - 1; position >= start; position -= 1) {
    value = value * 32 + ALPHABET.indexOf(text.charAt(position));
  }
  return value;
}
