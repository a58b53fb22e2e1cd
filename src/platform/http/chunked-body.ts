// The chunked coding of a body (RFC 9112 section 7.1, 2022-06), wherever its bytes are cut.

import { MalformedHttp } from "./reply-head.ts";

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
/** A size line with its extensions, or one trailer line. */
const LONGEST_LINE_BYTES = 16 * 1024;
/** 2^48 bytes are more than any body has. */
const MOST_SIZE_DIGITS = 12;

const PLAIN_SIZE_DIGITS = 7;
const HEX_VALUES = new Int8Array(256).fill(-1);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  HEX_VALUES[digit.charCodeAt(0)] = value;
  HEX_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

type State = "size" | "data" | "data-end" | "trailer" | "done";

/** Takes the framing off. One instance a body. */
export class ChunkedBody {
  #state: State = "size";
  /** Bytes of the present chunk that are still to come. */
  #left = 0;
  /** The size or trailer line that is not complete yet, in Latin-1. */
  #line = "";
  /** Bytes of trailer lines seen so far. */
  #trailerBytes = 0;

  /** True once the last chunk and its trailers are over. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /**
   * Takes the next bytes.
   * @param take is given each piece of content; the pieces refer to `bytes`
   * @returns how many bytes belonged to this body; fewer than given only when it is over
   * @throws MalformedHttp
   */
  push(bytes: Buffer, take: (piece: Uint8Array) => void): number {
    let at = 0;
    while (at < bytes.length && this.#state !== "done") {
      if (this.#state === "data") {
        const end = Math.min(bytes.length, at + this.#left);
        take(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "data-end";
      } else {
        at = this.#takePlainLine(bytes, at) ?? this.#takeLine(bytes, at);
      }
    }
    return at;
  }

  /**
   * What nearly every line is: the end of a chunk, or a size without extensions, in one piece.
   * @returns undefined for any other
   */
  #takePlainLine(bytes: Buffer, from: number): number | undefined {
    if (this.#line !== "") return undefined;
    let size = 0;
    let at = from;
    if (this.#state === "size") {
      const longest = from + PLAIN_SIZE_DIGITS;
      for (; at < longest; at += 1) {
        const digit = HEX_VALUES[bytes[at] ?? 0] ?? -1;
        if (digit === -1) break;
        size = size * 16 + digit;
      }
      if (at === from) return undefined;
    } else if (this.#state !== "data-end") {
      return undefined;
    }
    if (bytes[at] !== CARRIAGE_RETURN || bytes[at + 1] !== LINE_FEED) return undefined;
    if (this.#state === "data-end") {
      this.#state = "size";
    } else {
      this.#left = size;
      this.#state = size === 0 ? "trailer" : "data";
    }
    return at + 2;
  }

  #takeLine(bytes: Buffer, from: number): number {
    const feed = bytes.indexOf(LINE_FEED, from);
    const end = feed === -1 ? bytes.length : feed + 1;
    this.#line += bytes.toString("latin1", from, end);
    if (this.#line.length > LONGEST_LINE_BYTES)
      throw new MalformedHttp("A chunk's head is too long.");
    if (feed === -1) return end;
    if (this.#line.charCodeAt(this.#line.length - 2) !== CARRIAGE_RETURN) {
      throw new MalformedHttp("A chunk's line does not end in CR LF.");
    }
    const line = this.#line.slice(0, -2);
    this.#line = "";
    this.#takeWhole(line);
    return end;
  }

  #takeWhole(line: string): void {
    if (this.#state === "data-end") {
      if (line !== "") throw new MalformedHttp("A chunk is longer than it says.");
      this.#state = "size";
    } else if (this.#state === "size") {
      this.#left = sizeOf(line);
      this.#state = this.#left === 0 ? "trailer" : "data";
    } else if (line === "") {
      this.#state = "done";
    } else {
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > LONGEST_LINE_BYTES)
        throw new MalformedHttp("The trailers are too long.");
    }
  }
}

function sizeOf(line: string): number {
  const match = /^([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?$/.exec(line);
  const digits = match?.[1];
  if (digits === undefined || digits.length > MOST_SIZE_DIGITS) {
    throw new MalformedHttp("A chunk's size is malformed.");
  }
  return Number.parseInt(digits, 16);
}
