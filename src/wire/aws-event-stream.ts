// AWS's binary event stream as frames: each message becomes a name, its payload as text, and the bytes
// that it came in, wherever the chunks are cut.

import { type AwsMessage, messageLength, PRELUDE_BYTES, readMessage } from "./aws-message.ts";
import { DEFAULT_MAX_FRAME_BYTES, FramingError } from "./framing-error.ts";
import { joinBytes } from "./join-bytes.ts";
import type { SseEvent } from "./sse.ts";

/**
 * Stands before the name of a frame that is no event but an error: `exception:throttlingException`.
 * Events have their `:event-type` as name.
 */
export const EXCEPTION_PREFIX = "exception:";

const TEXT = new TextDecoder();

/** Splits a byte stream into messages. The `raw` of all frames together are the bytes of the stream. */
export class AwsEventStreamSplitter {
  readonly #maxMessageBytes: number;
  /** Pieces of the message that is not complete yet. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** How many bytes there must be before looking at them makes sense. */
  #neededBytes = PRELUDE_BYTES;

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
      frames.push(frameOf(readMessage(raw), raw));
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
}

function frameOf({ headers, payload }: AwsMessage, raw: Uint8Array): SseEvent {
  const text = (name: string): string => {
    const value = headers.get(name);
    return typeof value === "string" ? value : "";
  };
  const data = TEXT.decode(payload);
  switch (text(":message-type")) {
    case "exception":
      return { name: EXCEPTION_PREFIX + text(":exception-type"), data: data || "{}", raw };
    case "error": {
      // An error that the service has no shape for: all of it stands in headers.
      const told = JSON.stringify({ message: text(":error-message") });
      return { name: EXCEPTION_PREFIX + text(":error-code"), data: data || told, raw };
    }
    default:
      return { name: text(":event-type"), data, raw };
  }
}
