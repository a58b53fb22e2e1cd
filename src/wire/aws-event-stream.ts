// AWS's binary event stream as frames: each message becomes a name, its payload as text, and the bytes
// that it came in, wherever the chunks are cut.

import { Buffer } from "node:buffer";
import { messageLength, PRELUDE_BYTES, readHeaders, readMessage } from "./aws-message.ts";
import { DEFAULT_MAX_FRAME_BYTES, FramingError } from "./framing-error.ts";
import { joinBytes } from "./join-bytes.ts";
import type { SseEvent } from "./sse.ts";

/**
 * Stands before the name of a frame that is no event but an error: `exception:throttlingException`.
 * Events have their `:event-type` as name.
 */
export const EXCEPTION_PREFIX = "exception:";

const TEXT = new TextDecoder();
/** More kinds of frames than any service has, and more to say of one than any says. */
const MOST_HEADINGS = 16;
const LONGEST_HEADING_BYTES = 1024;

/** Splits a byte stream into messages. The `raw` of all frames together are the bytes of the stream. */
export class AwsEventStreamSplitter {
  readonly #maxMessageBytes: number;
  /** Pieces of the message that is not complete yet. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** How many bytes there must be before looking at them makes sense. */
  #neededBytes = PRELUDE_BYTES;
  readonly #headings: Heading[] = [];

  /** @param limits `maxMessageBytes` bounds what one message may hold; 64 MiB by default */
  constructor(limits: { readonly maxMessageBytes?: number } = {}) {
    this.#maxMessageBytes = limits.maxMessageBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /**
   * Takes the next bytes. The frames refer to the chunk, which must not be reused.
   * @returns the frames that these bytes complete, possibly none
   * @throws FramingError when a checksum is wrong, a message too large or not to be read
   */
  push(chunk: Uint8Array): SseEvent[] {
    if (chunk.length === 0) return [];
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#neededBytes) return [];
    const bytes = joinBytes(this.#pending, this.#pendingBytes);
    const frames: SseEvent[] = [];
    let position = 0;
    for (;;) {
      const leftBytes = bytes.length - position;
      this.#neededBytes =
        leftBytes < PRELUDE_BYTES
          ? PRELUDE_BYTES
          : messageLength(bytes.subarray(position), this.#maxMessageBytes);
      if (leftBytes < this.#neededBytes) break;
      const raw = bytes.subarray(position, position + this.#neededBytes);
      frames.push(this.#frame(raw));
      position += raw.length;
    }
    this.#pendingBytes = bytes.length - position;
    this.#pending = this.#pendingBytes === 0 ? [] : [bytes.subarray(position)];
    return frames;
  }

  /**
   * Says that no more bytes will come.
   * @returns nothing: half a message is none
   * @throws FramingError when there is half a message
   */
  end(): SseEvent[] {
    if (this.#pendingBytes > 0) throw new FramingError("The stream ended inside a message.");
    return [];
  }

  #frame(raw: Uint8Array): SseEvent {
    const { headers, payload } = readMessage(raw);
    const { name, data } = this.#heading(headers);
    return { name, data: TEXT.decode(payload) || data, raw };
  }

  /** A stream says the same few things over and over, so they are read once. */
  #heading(bytes: Uint8Array): Heading {
    const known = this.#headings.find((heading) => Buffer.compare(heading.bytes, bytes) === 0);
    if (known !== undefined) return known;
    const heading = headingOf(bytes);
    if (this.#headings.length < MOST_HEADINGS && bytes.length <= LONGEST_HEADING_BYTES) {
      this.#headings.push({ ...heading, bytes: bytes.slice() });
    }
    return heading;
  }
}

/** What the headers of a message say of its frame. */
interface Heading {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** Stands for a payload that is empty. */
  readonly data: string;
}

function headingOf(bytes: Uint8Array): Heading {
  const headers = readHeaders(bytes);
  const text = (name: string): string => {
    const value = headers.get(name);
    return typeof value === "string" ? value : "";
  };
  switch (text(":message-type")) {
    case "exception":
      return { bytes, name: EXCEPTION_PREFIX + text(":exception-type"), data: "{}" };
    case "error": {
      // An error that the service has no shape for: all of it stands in headers.
      const data = JSON.stringify({ message: text(":error-message") });
      return { bytes, name: EXCEPTION_PREFIX + text(":error-code"), data };
    }
    default:
      return { bytes, name: text(":event-type"), data: "" };
  }
}
