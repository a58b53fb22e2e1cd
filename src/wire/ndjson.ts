// Newline-delimited JSON (Ollama's streams): one frame a line, found in a byte stream wherever its
// chunks are cut.

import { DEFAULT_MAX_FRAME_BYTES, FramingError } from "./framing-error.ts";
import { joinBytes } from "./join-bytes.ts";
import type { SseEvent } from "./sse.ts";

const LINE_FEED = 10;
const DECODER = new TextDecoder();

/**
 * Splits a byte stream into lines. `data` is the line without its end and the space around it, empty
 * for blank lines; `raw` is the line as received, its line feed included.
 */
export class NdjsonSplitter {
  readonly #maxLineBytes: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  /** @param limits `maxLineBytes` bounds what one line may hold; 64 MiB by default */
  constructor(limits: { readonly maxLineBytes?: number } = {}) {
    this.#maxLineBytes = limits.maxLineBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /**
   * Takes the next bytes. The frames refer to the chunk, which must not be reused.
   * @throws FramingError when a line is too large
   */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    let position = 0;
    let lineFeed = chunk.indexOf(LINE_FEED);
    while (lineFeed !== -1) {
      events.push(this.#complete(chunk.subarray(position, lineFeed + 1)));
      position = lineFeed + 1;
      lineFeed = chunk.indexOf(LINE_FEED, position);
    }
    if (position < chunk.length) this.#keep(chunk.subarray(position));
    return events;
  }

  /** Says that no more bytes will come. @returns the last line, when it has no line feed */
  end(): SseEvent[] {
    return this.#pendingBytes === 0 ? [] : [this.#complete(new Uint8Array(0))];
  }

  #keep(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > this.#maxLineBytes) {
      throw new FramingError(`A line of the stream is larger than ${this.#maxLineBytes} bytes.`);
    }
  }

  #complete(last: Uint8Array): SseEvent {
    this.#keep(last);
    const raw = joinBytes(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    return { name: "", data: DECODER.decode(raw).trim(), raw };
  }
}
