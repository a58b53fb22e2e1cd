// One pass over a JSON text that finds what a native parser hides: where members stand, keys that
// occur twice, and how deep it goes. It trusts nothing: the text may turn out not to be JSON at all.

import type { GatewayError } from "#core/errors.ts";
import { invalidRequest } from "#core/errors.ts";

/** Where a member stands. `valueEnd` is exclusive and leaves out white space. */
export interface MemberSpan {
  /** Offset of the key's opening quote. */
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What the scan found. Only meaningful when the text proves to be JSON. */
export interface ScanFindings {
  readonly members: ReadonlyMap<string, MemberSpan>;
  /** The first key that is refused. */
  readonly problem: GatewayError | undefined;
}

/** Objects and arrays within each other that a body may have. */
const MAX_DEPTH = 128;
/** Below this a list of keys is searched faster than a set is built. */
const FEW_KEYS = 12;
/** Characters of a string that are looked at one by one before searching natively. */
const SHORT_STRING = 24;
const MAX_SHOWN_KEY = 80;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** One open object or array. Levels are reused, so that small bodies allocate next to nothing. */
interface Level {
  isObject: boolean;
  /** True where the next string is a key. */
  awaitsKey: boolean;
  key: string;
  /** Elements seen before the current one, in arrays. */
  index: number;
  keys: string[];
  keySet: Set<string> | undefined;
}

/**
 * Scans a text.
 * @throws GatewayError `invalid_request` when it is nested more than 128 deep
 */
export function scanJson(text: string): ScanFindings {
  const scan = new Scan();
  scan.run(text);
  return { members: scan.members, problem: scan.problem };
}

class Scan {
  readonly members = new Map<string, MemberSpan>();
  problem: GatewayError | undefined;
  readonly #levels: Level[] = [];
  #depth = 0;
  #keyStart = 0;
  /** -1 while no top-level value is open. */
  #valueStart = -1;
  /** End of the last character that was not white space. */
  #solidEnd = 0;

  run(text: string): void {
    const length = text.length;
    let position = 0;
    while (position < length) {
      const code = text.charCodeAt(position);
      if (code <= SPACE) {
        position += 1;
        continue;
      }
      if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET) this.#closeValue(code);
      else this.#beginValue(code, position);
      position = code === QUOTE ? this.#string(text, position) : position + 1;
      this.#solidEnd = position;
    }
  }

  /** A comma or a closing bracket: what stood before it is over. */
  #closeValue(code: number): void {
    const level = this.#levels[this.#depth - 1];
    if (level === undefined) return;
    if (this.#depth === 1 && this.#valueStart >= 0) {
      const span = {
        keyStart: this.#keyStart,
        valueStart: this.#valueStart,
        valueEnd: this.#solidEnd,
      };
      this.members.set(level.key, span);
      this.#valueStart = -1;
    }
    if (code !== COMMA) {
      this.#depth -= 1;
    } else if (level.isObject) {
      level.awaitsKey = true;
    } else {
      level.index += 1;
    }
  }

  #beginValue(code: number, position: number): void {
    const level = this.#levels[this.#depth - 1];
    if (code === COLON) {
      if (level !== undefined) level.awaitsKey = false;
      return;
    }
    if (this.#depth === 1 && this.#valueStart < 0 && level?.awaitsKey === false) {
      this.#valueStart = position;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#open(code === OPEN_BRACE);
  }

  #open(isObject: boolean): void {
    if (this.#depth === MAX_DEPTH) {
      throw invalidRequest("", `The body is nested more than ${MAX_DEPTH} levels deep.`);
    }
    const level = this.#levels[this.#depth];
    if (level === undefined) {
      this.#levels.push({
        isObject,
        awaitsKey: isObject,
        key: "",
        index: 0,
        keys: [],
        keySet: undefined,
      });
    } else {
      level.isObject = isObject;
      level.awaitsKey = isObject;
      level.key = "";
      level.index = 0;
      level.keys.length = 0;
      level.keySet = undefined;
    }
    this.#depth += 1;
  }

  /** @returns the offset after the closing quote */
  #string(text: string, start: number): number {
    const end = stringEnd(text, start + 1);
    const level = this.#levels[this.#depth - 1];
    if (level?.awaitsKey === true) {
      const key = unescapeKey(text.slice(start + 1, end - 1));
      level.key = key;
      if (this.#depth === 1) this.#keyStart = start;
      if (key === "__proto__") this.#refuse("must not be used as a key");
      if (!isNewKey(level, key)) this.#refuse("stands twice in the same object");
    }
    return end;
  }

  #refuse(what: string): void {
    if (this.problem !== undefined) return;
    const path = this.#path();
    this.problem = invalidRequest(path, `The key "${path}" ${what}.`);
  }

  #path(): string {
    let path = "";
    for (const level of this.#levels.slice(0, this.#depth)) {
      if (!level.isObject) path += `[${level.index}]`;
      else path += `${path === "" ? "" : "."}${shown(level.key)}`;
    }
    return path;
  }
}

function shown(key: string): string {
  return key.length > MAX_SHOWN_KEY ? `${key.slice(0, MAX_SHOWN_KEY)}…` : key;
}

/** Remembers the key. False when the object has it already. */
function isNewKey(level: Level, key: string): boolean {
  if (level.keySet !== undefined) {
    const sizeBefore = level.keySet.size;
    return level.keySet.add(key).size > sizeBefore;
  }
  if (level.keys.includes(key)) return false;
  level.keys.push(key);
  if (level.keys.length > FEW_KEYS) level.keySet = new Set(level.keys);
  return true;
}

/** The offset after the closing quote of a string whose content starts at `from`. */
function stringEnd(text: string, from: number): number {
  const looked = Math.min(from + SHORT_STRING, text.length);
  let position = from;
  while (position < looked) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) return position + 1;
    position += code === BACKSLASH ? 2 : 1;
  }
  return distantStringEnd(text, position);
}

function distantStringEnd(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1) {
    let before = quote - 1;
    while (before >= from && text.charCodeAt(before) === BACKSLASH) before -= 1;
    const backslashes = quote - 1 - before;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

function unescapeKey(key: string): string {
  if (!key.includes("\\")) return key;
  try {
    return String(JSON.parse(`"${key}"`));
  } catch {
    // Not JSON then, which the parser will say of the whole text.
    return key;
  }
}
