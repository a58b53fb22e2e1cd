// One message of AWS's binary event streams (`application/vnd.amazon.eventstream`): a prelude with two
// lengths and its checksum, typed headers, a payload, a checksum over all of it. After Smithy's
// specification of the encoding (smithy.io, "Amazon Event Stream", read 2026-11).

import { crc32 } from "node:zlib";
import { FramingError } from "./framing-error.ts";

/** Value of a header: what its type byte says. Whole numbers of 64 bits and times are `bigint`. */
export type AwsHeaderValue = boolean | number | bigint | string | Uint8Array;

/** A message taken apart; both parts refer to the bytes that it was read from. */
export interface AwsMessage {
  /** For `readHeaders`. */
  readonly headers: Uint8Array;
  readonly payload: Uint8Array;
}

/** Two lengths of four bytes each, and their checksum. */
export const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** The smallest message: no headers, no payload. */
const LEAST_MESSAGE_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;
const MOST_HEADER_BYTES = 128 * 1024;
const TEXT = new TextDecoder();

/**
 * The length that a message says it has. Its own checksum is looked at first: of a broken length nothing
 * after it could be found again.
 * @param bytes begin with the prelude
 * @param maxBytes what a message may hold
 * @throws FramingError when the prelude is broken or the message too large
 */
export function messageLength(bytes: Uint8Array, maxBytes: number): number {
  if (crc32(bytes.subarray(0, 8)) !== uint32(bytes, 8)) {
    throw new FramingError("The checksum of a message's prelude is wrong.");
  }
  const total = uint32(bytes, 0);
  const headers = uint32(bytes, 4);
  if (total > maxBytes) {
    throw new FramingError(`A message of the stream is larger than ${maxBytes} bytes.`);
  }
  if (headers > MOST_HEADER_BYTES || total < LEAST_MESSAGE_BYTES + headers) {
    throw new FramingError("The lengths in a message's prelude cannot be.");
  }
  return total;
}

/**
 * Takes a message apart.
 * @param bytes exactly one message, whose prelude `messageLength` has accepted
 * @throws FramingError when its checksum is wrong
 */
export function readMessage(bytes: Uint8Array): AwsMessage {
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32(bytes.subarray(0, end)) !== uint32(bytes, end)) {
    throw new FramingError("The checksum of a message is wrong.");
  }
  const headersEnd = PRELUDE_BYTES + uint32(bytes, 4);
  const headers = bytes.subarray(PRELUDE_BYTES, headersEnd);
  return { headers, payload: bytes.subarray(headersEnd, end) };
}

/**
 * Reads the headers of a message.
 * @throws FramingError when one cannot be read
 */
export function readHeaders(bytes: Uint8Array): ReadonlyMap<string, AwsHeaderValue> {
  return new HeaderReader(bytes).all();
}

/** A view made for every frame would cost more than this. */
function uint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const low = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return high * 0x10000 + low;
}

/** Reads headers one after the other: a name with its length, a type, a value of that type. */
class HeaderReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  all(): Map<string, AwsHeaderValue> {
    const headers = new Map<string, AwsHeaderValue>();
    while (this.#position < this.#bytes.length) {
      const name = TEXT.decode(this.#take(this.#view.getUint8(this.#place(1))));
      headers.set(name, this.#value(this.#view.getUint8(this.#place(1))));
    }
    return headers;
  }

  #value(type: number): AwsHeaderValue {
    switch (type) {
      case 0:
        return true;
      case 1:
        return false;
      case 2:
        return this.#view.getInt8(this.#place(1));
      case 3:
        return this.#view.getInt16(this.#place(2));
      case 4:
        return this.#view.getInt32(this.#place(4));
      case 5:
      case 8:
        return this.#view.getBigInt64(this.#place(8));
      case 6:
        return this.#take(this.#view.getUint16(this.#place(2)));
      case 7:
        return TEXT.decode(this.#take(this.#view.getUint16(this.#place(2))));
      case 9:
        return uuid(this.#take(16));
      default:
        throw new FramingError(`A header of a message has the unknown type ${type}.`);
    }
  }

  #take(length: number): Uint8Array {
    const from = this.#place(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** Moves on. @returns where these bytes begin */
  #place(length: number): number {
    const from = this.#position;
    this.#position += length;
    if (this.#position > this.#bytes.length) {
      throw new FramingError("A header of a message is longer than the headers are.");
    }
    return from;
  }
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
