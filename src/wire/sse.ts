// Server-sent events: one event with the bytes that it came in, and the splitter that finds the events
// in a byte stream, wherever its chunks are cut.

import { DEFAULT_MAX_FRAME_BYTES } from "./framing-error.ts";
import { joinBytes } from "./join-bytes.ts";

/** An event of a stream. */
export interface SseEvent {
  /** The `event:` field, empty when there is none. */
  readonly name: string;
  /** All `data:` lines joined by a line feed; empty for comments. */
  readonly data: string;
  /** The frame as received, blank line included, for passing it on untouched. */
  readonly raw: Uint8Array;
}

/** Thrown when one event grows beyond what the reader is willing to hold. */
export class SseLimitError extends Error {
  /** @param maxEventBytes the limit that was passed */
  constructor(maxEventBytes: number) {
    super(`An event of the stream is larger than ${maxEventBytes} bytes.`);
    this.name = "SseLimitError";
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
// The byte order mark is cut off by hand, because only the first one of a stream is one.
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const BYTE_ORDER_MARK = "\uFEFF";
const USUAL_START = "data: ";

/**
 * Splits a byte stream into events after the WHATWG event stream grammar (html.spec.whatwg.org,
 * 2026-06), with two liberties: a frame without data is an event too, and `end` gives out what a
 * missing last blank line held back. The `raw` of all events together are the bytes of the stream.
 */
export class SseSplitter {
  readonly #maxEventBytes: number;
  /** Pieces of the frame that is not complete yet. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** True while nothing of the current line has been seen. */
  #isLineEmpty = true;
  /** True once the current frame has a line that is not blank. */
  #hasContent = false;
  /** True when the last byte seen was a CR, whose LF may open the next chunk. */
  #mayOwnLineFeed = false;
  #isFirstFrame = true;

  /** @param limits `maxEventBytes` bounds what one incomplete event may hold; 64 MiB by default */
  constructor(limits: { readonly maxEventBytes?: number } = {}) {
    this.#maxEventBytes = limits.maxEventBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /**
   * Takes the next bytes. The events refer to the chunk, which must not be reused.
   * @returns the events that these bytes complete, possibly none
   * @throws SseLimitError when an event is too large
   */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    const length = chunk.length;
    if (length === 0) return events;
    let position = this.#mayOwnLineFeed && chunk[0] === LINE_FEED ? 1 : 0;
    this.#mayOwnLineFeed = false;
    let frameStart = 0;
    let lineFeed = find(chunk, LINE_FEED, position);
    let carriageReturn = find(chunk, CARRIAGE_RETURN, position);
    while (position < length) {
      const lineEnd = Math.min(lineFeed, carriageReturn);
      const isBlank = this.#isLineEmpty && lineEnd === position;
      if (!isBlank) this.#hasContent = true;
      if (lineEnd === length) {
        this.#isLineEmpty = false;
        break;
      }
      this.#isLineEmpty = true;
      position = lineEnd + 1;
      if (lineEnd === carriageReturn) {
        if (position === length) this.#mayOwnLineFeed = true;
        else if (chunk[position] === LINE_FEED) position += 1;
        carriageReturn = find(chunk, CARRIAGE_RETURN, position);
      }
      if (lineFeed < position) lineFeed = find(chunk, LINE_FEED, position);
      if (isBlank && this.#hasContent) {
        const isWhole = frameStart === 0 && position === length;
        events.push(this.#complete(isWhole ? chunk : chunk.subarray(frameStart, position)));
        frameStart = position;
      }
    }
    if (frameStart < length) this.#keep(chunk.subarray(frameStart));
    return events;
  }

  /**
   * Says that no more bytes will come.
   * @returns what was left: at most one event, without its blank line
   */
  end(): SseEvent[] {
    if (this.#pendingBytes === 0) return [];
    return [this.#complete(new Uint8Array(0))];
  }

  #keep(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > this.#maxEventBytes) throw new SseLimitError(this.#maxEventBytes);
  }

  #complete(last: Uint8Array): SseEvent {
    let raw = last;
    if (this.#pendingBytes > 0) {
      this.#keep(last);
      raw = joinBytes(this.#pending, this.#pendingBytes);
      this.#pending = [];
      this.#pendingBytes = 0;
    }
    if (raw.length > this.#maxEventBytes) throw new SseLimitError(this.#maxEventBytes);
    this.#hasContent = false;
    let text = DECODER.decode(raw);
    if (this.#isFirstFrame && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    this.#isFirstFrame = false;
    return parseFrame(text, raw);
  }
}

/**
 * Writes an event. Line breaks in the data become further `data:` lines.
 * @param name the `event:` field; a constant of the dialect, never caller text
 */
export function sseFrame(data: string, name?: string): string {
  const lines = /[\r\n]/.test(data) ? data.replace(/\r\n|\r|\n/g, "\ndata: ") : data;
  return name === undefined ? `data: ${lines}\n\n` : `event: ${name}\ndata: ${lines}\n\n`;
}

/** The index of the byte, or the length of the chunk when there is none. */
function find(chunk: Uint8Array, byte: number, from: number): number {
  const found = chunk.indexOf(byte, from);
  return found === -1 ? chunk.length : found;
}

function parseFrame(text: string, raw: Uint8Array): SseEvent {
  // Nearly every frame of nearly every vendor is one line of data.
  if (text.startsWith(USUAL_START) && text.indexOf("\n") === text.length - 2) {
    const data = text.slice(USUAL_START.length, -2);
    if (!data.includes("\r")) return { name: "", data, raw };
  }
  let name = "";
  let data: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== "data" && field !== "event") continue;
    const skipped = line.charCodeAt(colon + 1) === 0x20 ? 2 : 1;
    const value = colon === -1 ? "" : line.slice(colon + skipped);
    if (field === "event") name = value;
    else data = data === undefined ? value : `${data}\n${value}`;
  }
  return { name, data: data ?? "", raw };
}
