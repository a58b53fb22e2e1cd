// The keys of one object in a JSON text, as far as they have been read: is the next one among them?
// Keys are compared where they stand, by a number made of their letters; only many keys, or keys with
// escapes, are cut out and put into a set.

import { stringEnd, unescapeKey } from "./json-string.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FORBIDDEN = "__proto__";

/** Below this a list of keys is searched faster than a set is built. */
const FEW_KEYS = 12;

/** Objects within each other that can be told apart. */
export const MAX_DEPTH = 128;
/** Number, start and end of a key. */
const SLOT_SIZE = 3;
/** The few keys of all open objects. One for all scans: a scan ends before the next one begins. */
const SLOTS = new Int32Array(MAX_DEPTH * FEW_KEYS * SLOT_SIZE);

/** Remembers keys. Cleared and used again for the next object. */
export class ObjectKeys {
  /** What is wrong with the key that was taken last; empty when nothing is. */
  refusal = "";
  /** Where the keys stand in `SLOTS`. */
  readonly #firstSlot: number;
  #count = 0;
  #set: Set<string> | undefined;
  /** Of the key that was taken last. */
  #start = 0;
  #end = 0;

  /** @param depth of the object, from 0; of two that are open at a time no two have the same */
  constructor(depth: number) {
    this.#firstSlot = depth * FEW_KEYS * SLOT_SIZE;
  }

  clear(): void {
    this.#count = 0;
    this.#set = undefined;
    this.#start = 0;
    this.#end = 0;
  }

  /** The key that was taken last, unescaped; empty before the first. */
  last(text: string): string {
    const key = text.slice(this.#start, this.#end);
    // A key with an escape has made a set of the list.
    return this.#set === undefined ? key : unescapeKey(key);
  }

  /**
   * Takes a key.
   * @param start the offset after its opening quote
   * @returns the offset after its closing quote
   */
  take(text: string, start: number): number {
    this.#start = start;
    let hash = 0;
    let position = start;
    let code = text.charCodeAt(position);
    while (code !== QUOTE && code !== BACKSLASH && position < text.length) {
      hash = (Math.imul(hash, 31) + code) | 0;
      position += 1;
      code = text.charCodeAt(position);
    }
    if (code !== QUOTE || this.#set !== undefined || this.#count === FEW_KEYS) {
      return this.#takeIntoSet(text, start);
    }
    this.#end = position;
    this.refusal = "";
    if (position - start === FORBIDDEN.length && text.startsWith(FORBIDDEN, start)) {
      this.refusal = "must not be used as a key";
    } else if (this.#has(text, hash)) this.refusal = "stands twice in the same object";
    const slot = this.#slot(this.#count);
    SLOTS[slot] = hash;
    SLOTS[slot + 1] = start;
    SLOTS[slot + 2] = position;
    this.#count += 1;
    return position + 1;
  }

  /** Whether the list holds the key that was taken last. */
  #has(text: string, hash: number): boolean {
    for (let place = 0; place < this.#count; place += 1) {
      if (SLOTS[this.#slot(place)] !== hash) continue;
      // Other letters may make the same number.
      if (this.#textAt(text, place) === text.slice(this.#start, this.#end)) return true;
    }
    return false;
  }

  #textAt(text: string, place: number): string {
    const slot = this.#slot(place);
    return text.slice(SLOTS[slot + 1], SLOTS[slot + 2]);
  }

  #slot(place: number): number {
    return this.#firstSlot + place * SLOT_SIZE;
  }

  #takeIntoSet(text: string, start: number): number {
    const after = stringEnd(text, start);
    this.#end = after - 1;
    const set = this.#set ?? this.#listAsSet(text);
    const key = this.last(text);
    this.refusal = "";
    if (key === FORBIDDEN) this.refusal = "must not be used as a key";
    else if (set.has(key)) this.refusal = "stands twice in the same object";
    set.add(key);
    return after;
  }

  #listAsSet(text: string): Set<string> {
    const set = new Set<string>();
    for (let place = 0; place < this.#count; place += 1) set.add(this.#textAt(text, place));
    this.#set = set;
    return set;
  }
}
