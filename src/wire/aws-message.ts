// One message of AWS's binary event streams (`application/vnd.amazon.eventstream`): a prelude with two
// lengths and its checksum, typed headers, a payload, a checksum over all of it. After Smithy's
// specification of the encoding (smithy.io, "Amazon Event Stream", read 2026-11).

import { crc32 } from "node:zlib";
import { FramingError } from "./framing-error.ts";

/** Value of a header: what its type byte says. Whole numbers of 64 bits and times are `bigint`. */
export type AwsHeaderValue = boolean | number | bigint | string | Uint8Array;

/** A message taken apart. The payload refers to the bytes that it was read from. */
export interface AwsMessage {
  readonly headers: ReadonlyMap<string, AwsHeaderValue>;
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
  const view = viewOf(bytes);
  if (crc32(bytes.subarray(0, 8)) !== view.getUint32(8)) {
    throw new FramingError("The checksum of a message's prelude is wrong.");
  }
  const total = view.getUint32(0);
  const headers = view.getUint32(4);
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
 * @throws FramingError when its checksum is wrong or a header cannot be read
 */
export function readMessage(bytes: Uint8Array): AwsMessage {
  const view = viewOf(bytes);
  const end = bytes.length - CHECKSUM_BYTES;
  if (crc32(bytes.subarray(0, end)) !== view.getUint32(end)) {
    throw new FramingError("The checksum of a message is wrong.");
  }
  const headersEnd = PRELUDE_BYTES + view.getUint32(4);
  const headers = new HeaderReader(bytes.subarray(PRELUDE_BYTES, headersEnd)).all();
  return { headers, payload: bytes.subarray(headersEnd, end) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads headers one after the other: a name with its length, a type, a value of that type. */
class HeaderReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
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
