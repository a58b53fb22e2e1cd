// One pass over a JSON text that finds what a native parser hides: where members stand, keys that
// occur twice, and how deep it goes. It trusts nothing: the text may turn out not to be JSON at all.

import type { GatewayError } from "#core/errors.ts";
import { invalidRequest } from "#core/errors.ts";
import { stringEnd } from "./json-string.ts";
import { MAX_DEPTH, ObjectKeys } from "./object-keys.ts";

/** A top-level member and where it stands. `valueEnd` is exclusive and leaves out white space. */
export interface Member {
  /** Unescaped. */
  readonly key: string;
  /** Offset of the key's opening quote. */
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What the scan found. Only meaningful when the text proves to be JSON. */
export interface ScanFindings {
  /** In the order of the text. */
  readonly members: readonly Member[];
  /** The first key that is refused. */
  readonly problem: GatewayError | undefined;
}

const MAX_SHOWN_KEY = 80;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** One open object or array. Levels are reused, so that small bodies allocate next to nothing. */
interface Level {
  isObject: boolean;
  readonly keys: ObjectKeys;
  /** Elements or members seen before the present one. */
  index: number;
}

/**
 * Scans a text.
 * @throws GatewayError `invalid_request` when it is nested more than 128 deep
 */
export function scanJson(text: string): ScanFindings {
  const scan = new Scan(text);
  scan.run();
  return { members: scan.members, problem: scan.problem };
}

class Scan {
  readonly members: Member[] = [];
  problem: GatewayError | undefined;
  readonly #text: string;
  readonly #levels: Level[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** State that changes with every character is kept in variables: this is where the time goes. */
  run(): void {
    const text = this.#text;
    const length = text.length;
    let depth = 0;
    /** The innermost open object or array. */
    let level: Level | undefined;
    /** True where the next string is a key. */
    let awaitsKey = false;
    /** Of the present member of the body; -1 while no value is open. */
    let keyStart = 0;
    let valueStart = -1;
    /** End of the last character that was not white space. */
    let solidEnd = 0;
    let position = 0;
    while (position < length) {
      const start = position;
      const code = text.charCodeAt(start);
      position += 1;
      if (code <= SPACE) continue;
      if (awaitsKey && code === QUOTE && level !== undefined) {
        if (depth === 1) keyStart = start;
        position = this.#takeKey(level, depth, position);
      } else if (code === COLON) {
        awaitsKey = false;
      } else if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        if (depth === 1 && valueStart >= 0) {
          const key = level?.keys.last(text) ?? "";
          this.members.push({ key, keyStart, valueStart, valueEnd: solidEnd });
          valueStart = -1;
        }
        if (code !== COMMA && depth > 0) {
          depth -= 1;
          level = this.#levels[depth - 1];
        } else if (level !== undefined) level.index += 1;
        awaitsKey = code === COMMA && level?.isObject === true;
      } else {
        if (depth === 1 && valueStart < 0 && !awaitsKey) valueStart = start;
        if (code === QUOTE) position = stringEnd(text, position);
        else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
          level = this.#open(depth, code === OPEN_BRACE);
          depth += 1;
          awaitsKey = level.isObject;
        }
      }
      solidEnd = position;
    }
  }

  #open(depth: number, isObject: boolean): Level {
    if (depth === MAX_DEPTH) {
      throw invalidRequest("", `The body is nested more than ${MAX_DEPTH} levels deep.`);
    }
    const known = this.#levels[depth];
    if (known === undefined) {
      const made = { isObject, keys: new ObjectKeys(depth), index: 0 };
      this.#levels.push(made);
      return made;
    }
    known.isObject = isObject;
    known.keys.clear();
    known.index = 0;
    return known;
  }

  /** @returns the offset after the closing quote */
  #takeKey({ keys }: Level, depth: number, start: number): number {
    const end = keys.take(this.#text, start);
    if (keys.refusal !== "" && this.problem === undefined) {
      const path = this.#path(depth);
      this.problem = invalidRequest(path, `The key "${path}" ${keys.refusal}.`);
    }
    return end;
  }

  #path(depth: number): string {
    let path = "";
    for (const level of this.#levels.slice(0, depth)) {
      if (!level.isObject) path += `[${level.index}]`;
      else path += `${path === "" ? "" : "."}${shown(level.keys.last(this.#text))}`;
    }
    return path;
  }
}

function shown(key: string): string {
  return key.length > MAX_SHOWN_KEY ? `${key.slice(0, MAX_SHOWN_KEY)}…` : key;
}
