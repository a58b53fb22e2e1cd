// Writes a line of JSON lists straight into the bytes that go to the disk. It is done for every call:
// strings that are joined first, or a tree for JSON.stringify to walk, cost three times as much and
// leave their garbage behind.

import { type FramedLine, PREFIX_BYTES, sealFrame } from "./line-frame.ts";

const FIRST_BYTES = 4 * 1024;
/** A single giant must not stay in memory for ever. */
const KEPT_BYTES = 1024 * 1024;

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const LAST_PLAIN = 0x7e;

/** One UTF-16 code unit is at most three bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;
const MAX_NUMBER_BYTES = 32;
const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** One line after the other in a buffer that is used again for each. Commas come by themselves. */
export class LineWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #end = PREFIX_BYTES;

  /** Begins the next line. */
  begin(): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
    this.#end = PREFIX_BYTES;
  }

  /** Ends the line and frames it. The bytes hold until the next one begins. */
  finish(): FramedLine {
    this.#reserve(1);
    return sealFrame(this.#bytes, this.#end);
  }

  /** Frames a whole line that is text already. */
  frame(text: string): FramedLine {
    this.begin();
    this.#utf8(text);
    return this.finish();
  }

  /** The line without its frame. */
  text(): string {
    return this.#bytes.toString("utf8", PREFIX_BYTES, this.#end);
  }

  /** Begins a list. */
  open(): void {
    this.#next(0);
    this.#bytes[this.#end++] = OPEN;
  }

  /** Ends a list. */
  close(): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = CLOSE;
  }

  /** Begins the next part of the line; no JSON holds a tab as it is written here. */
  tab(): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = TAB;
  }

  /** A string. */
  string(text: string): void {
    this.#next(text.length + 2);
    const bytes = this.#bytes;
    let end = this.#end;
    bytes[end++] = QUOTE;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < SPACE || code > LAST_PLAIN || code === QUOTE || code === BACKSLASH) {
        this.#utf8(JSON.stringify(text));
        return;
      }
      bytes[end++] = code;
    }
    bytes[end++] = QUOTE;
    this.#end = end;
  }

  /** A number; null where JSON has none for it. */
  number(value: number | undefined): void {
    this.#next(MAX_NUMBER_BYTES);
    if (value !== undefined && Number.isSafeInteger(value)) this.#whole(value);
    else this.#utf8(Number.isFinite(value) ? `${value}` : "null");
  }

  /** Milliseconds as whole microseconds; null when unknown. */
  micros(valueMs: number | undefined): void {
    this.number(valueMs === undefined ? undefined : Math.round(valueMs * 1000));
  }

  /** An amount, as text where a JSON number would not be exact; null when unknown. */
  amount(value: bigint | undefined): void {
    if (value === undefined) this.null();
    else if (value > MAX_EXACT || value < -MAX_EXACT) this.string(value.toString());
    else this.number(Number(value));
  }

  /** 1 or 0. */
  flag(value: boolean): void {
    this.number(value ? 1 : 0);
  }

  /** Nothing: what is unknown, or what another part of the line says. */
  null(): void {
    this.json("null");
  }

  /** A value that is JSON already, without line breaks and tabs. */
  json(text: string): void {
    this.#next(0);
    this.#utf8(text);
  }

  /** Makes room for a value and parts it from the one before it. */
  #next(length: number): void {
    this.#reserve(length + 1);
    const last = this.#bytes[this.#end - 1];
    const isFirst = this.#end === PREFIX_BYTES || last === OPEN || last === TAB;
    if (!isFirst) this.#bytes[this.#end++] = COMMA;
  }

  #whole(value: number): void {
    const bytes = this.#bytes;
    let left = value;
    if (left < 0) {
      bytes[this.#end++] = MINUS;
      left = -left;
    }
    if (left < 10) {
      bytes[this.#end++] = ZERO + left;
      return;
    }
    let length = 1;
    for (let bound = 10; bound <= left; bound *= 10) length += 1;
    for (let place = this.#end + length - 1; place >= this.#end; place -= 1) {
      const tens = Math.floor(left / 10);
      bytes[place] = ZERO + (left - tens * 10);
      left = tens;
    }
    this.#end += length;
  }

  #utf8(text: string): void {
    this.#reserve(text.length * MAX_UNIT_BYTES);
    this.#end += this.#bytes.write(text, this.#end, "utf8");
  }

  /** Room for more bytes, and for the line break after them. */
  #reserve(length: number): void {
    const needed = this.#end + length + 1;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
