// Names and ids made to fit a vendor's rule: always the same for the same name, different for different
// ones, and told apart from the names that fit already.

import type { NameRule } from "./name-rule.ts";

/** Whole names, one expression a rule: every call of every conversation is looked at. */
const WHOLE = new WeakMap<NameRule, RegExp>();

/** True when the vendor takes the name as it is. */
export function fits(name: string, rule: NameRule): boolean {
  if (name.length > rule.maxLength) return false;
  if (rule.isExact === true && name.length !== rule.maxLength) return false;
  let whole = WHOLE.get(rule);
  if (whole === undefined) {
    const one = bare(rule.character);
    whole = new RegExp(`^(?:${bare(rule.first ?? rule.character)})(?:${one})*$`);
    WHOLE.set(rule, whole);
  }
  return whole.test(name);
}

function bare({ source }: RegExp): string {
  return source.replace(/^\^/, "").replace(/\$$/, "");
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Digits of the hash that ends a changed name. */
const HASH_LENGTH = 7;

/**
 * A name that the vendor takes, which begins like the one given where there is room.
 * @param attempt counts up when the result was taken already
 */
export function fittingName(name: string, rule: NameRule, attempt = 0): string {
  const salted = attempt === 0 ? name : `${name}\n${attempt}`;
  if (rule.isExact === true) return hashText(salted, rule.maxLength);
  const first = rule.first ?? rule.character;
  const kept = [...name]
    .slice(0, rule.maxLength)
    .map((one) => (rule.character.test(one) ? one : "_"))
    .join("");
  const begun = first.test(kept.charAt(0)) ? kept : `_${kept}`;
  const room = rule.maxLength - HASH_LENGTH - 1;
  return `${begun.slice(0, room)}_${hashText(salted, HASH_LENGTH)}`;
}

/** Digits that 32 bits are good for. */
const DIGITS_A_HASH = 5;

/** Letters and digits out of FNV-1a hashes over UTF-16 code units, as many as are needed. */
function hashText(text: string, length: number): string {
  let written = "";
  for (let round = 0; written.length < length; round += 1) {
    let value = fnv(text, 0x811c9dc5 ^ Math.imul(round, 0x9e3779b9));
    for (let digit = 0; digit < DIGITS_A_HASH && written.length < length; digit += 1) {
      written += DIGITS.charAt(value % DIGITS.length);
      value = Math.floor(value / DIGITS.length);
    }
  }
  return written;
}

function fnv(text: string, seed: number): number {
  let value = seed;
  for (let position = 0; position < text.length; position += 1) {
    value = Math.imul(value ^ text.charCodeAt(position), 0x01000193);
  }
  return value >>> 0;
}

/** The names of one request as a vendor takes them, and back. */
export class FittingNames {
  readonly #rule: NameRule | undefined;
  readonly #written = new Map<string, string>();
  readonly #taken = new Map<string, string>();
  readonly #attempts = new Map<string, number>();

  /** @param names the names that are sure to be written; those that fit keep their own */
  constructor(rule: NameRule | undefined, names: Iterable<string>) {
    this.#rule = rule;
    for (const name of names) if (rule === undefined || fits(name, rule)) this.#take(name, name);
  }

  /** The name as it is written. */
  of(name: string): string {
    const known = this.#written.get(name);
    if (known !== undefined) return known;
    if (this.#rule === undefined || (fits(name, this.#rule) && !this.#taken.has(name))) {
      return this.#take(name, name);
    }
    return this.#take(name, this.#fresh(name, this.#rule));
  }

  /** A further name for something that shares `name` with another. */
  another(name: string): string {
    const written = this.#fresh(name, this.#rule ?? LOOSE);
    this.#taken.set(written, name);
    return written;
  }

  /** Written names that differ -> the caller's. */
  get changed(): ReadonlyMap<string, string> {
    return new Map([...this.#taken].filter(([written, name]) => written !== name));
  }

  #take(name: string, written: string): string {
    this.#written.set(name, written);
    this.#taken.set(written, name);
    return written;
  }

  #fresh(name: string, rule: NameRule): string {
    // Counted on from the last one: a thousand tools of one name must not cost a million tries.
    for (let attempt = this.#attempts.get(name) ?? 0; ; attempt += 1) {
      const written = fittingName(name, rule, attempt);
      if (this.#taken.has(written)) continue;
      this.#attempts.set(name, attempt + 1);
      return written;
    }
  }
}

const LOOSE: NameRule = { character: /^[a-zA-Z0-9_-]$/, maxLength: 64 };
