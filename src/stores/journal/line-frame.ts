// How a line stands in a segment: length and checksum, the text, a line break. So a line that was
// cut by a crash is told apart from one that was changed on the disk, and neither is taken for whole.
//
//   0000012f 9a3b4c5d {"id":"…"}\n

import { crc32 } from "node:zlib";

/** Bytes before the text of a line. */
export const PREFIX_BYTES = 18;
const HEX_DIGITS = 8;
const SPACE = 0x20;
const LINE_BREAK = 0x0a;

/** A framed line inside a buffer that the next line overwrites. */
export interface FramedLine {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * Frames a line where it stands.
 * @param bytes the text begins behind the room for the prefix, and has room for the line break
 * @param end of the text
 */
export function sealFrame(bytes: Buffer, end: number): FramedLine {
  putHex(bytes, 0, end - PREFIX_BYTES);
  bytes[HEX_DIGITS] = SPACE;
  putHex(bytes, HEX_DIGITS + 1, crc32(bytes.subarray(PREFIX_BYTES, end)));
  bytes[PREFIX_BYTES - 1] = SPACE;
  bytes[end] = LINE_BREAK;
  return { bytes, length: end + 1 };
}

/** What a stretch of a segment holds. Positions are offsets into the bytes that were scanned. */
export interface LineScan {
  /** Where the text of each whole line begins and ends, flat: start, end, start, end. */
  readonly bounds: readonly number[];
  /** Bytes that need not be looked at again. The rest is a line that is not there yet. */
  readonly consumed: number;
  /** Lines that are there but are not what was written. */
  readonly damaged: number;
  /** Bytes of a last line that a crash cut off; only in sealed segments. */
  readonly tornBytes: number;
}

/**
 * Finds the whole lines.
 * @param isFinal nothing will ever follow these bytes, so an unfinished line is a torn one
 */
export function scanLines(bytes: Uint8Array, isFinal: boolean): LineScan {
  const bounds: number[] = [];
  let position = 0;
  let damaged = 0;
  let tornBytes = 0;
  while (position < bytes.length) {
    const found = lineAt(bytes, position, isFinal);
    if (found.kind === "whole") bounds.push(position + PREFIX_BYTES, found.end);
    else if (found.kind === "damaged") damaged += 1;
    else {
      if (!isFinal) break;
      tornBytes = bytes.length - position;
      position = bytes.length;
      break;
    }
    position = found.next;
  }
  return { bounds, consumed: position, damaged, tornBytes };
}

type FoundLine =
  | { readonly kind: "whole"; readonly end: number; readonly next: number }
  | { readonly kind: "damaged"; readonly next: number }
  | { readonly kind: "unfinished" };

function lineAt(bytes: Uint8Array, position: number, isFinal: boolean): FoundLine {
  const size = hexAt(bytes, position);
  const checksum = hexAt(bytes, position + HEX_DIGITS + 1);
  const start = position + PREFIX_BYTES;
  const hasPrefix =
    size >= 0 &&
    checksum >= 0 &&
    bytes[position + HEX_DIGITS] === SPACE &&
    bytes[start - 1] === SPACE;
  const end = start + size;
  if (hasPrefix && end <= bytes.length && crc32(bytes.subarray(start, end)) === checksum) {
    if (bytes[end] === LINE_BREAK) return { kind: "whole", end, next: end + 1 };
    // Only the line break is missing: the record is whole, the crash came just before its end.
    if (end === bytes.length) {
      return isFinal ? { kind: "whole", end, next: end } : { kind: "unfinished" };
    }
  }
  const isThere = hasPrefix && end < bytes.length;
  if (hasPrefix && !isThere && !isFinal) return { kind: "unfinished" };
  const lineBreak = bytes.indexOf(LINE_BREAK, position);
  if (lineBreak >= 0) return { kind: "damaged", next: lineBreak + 1 };
  return isThere ? { kind: "damaged", next: bytes.length } : { kind: "unfinished" };
}

function putHex(bytes: Buffer, position: number, value: number): void {
  let left = value;
  for (let place = position + HEX_DIGITS - 1; place >= position; place -= 1) {
    const digit = left & 15;
    bytes[place] = digit < 10 ? 0x30 + digit : 0x57 + digit;
    left >>>= 4;
  }
}

/** The value of eight hexadecimal digits, or -1 when there are none. */
function hexAt(bytes: Uint8Array, position: number): number {
  let value = 0;
  for (let index = position; index < position + HEX_DIGITS; index += 1) {
    const digit = hexDigit(bytes[index] ?? 0);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x61 + 10;
  return -1;
}
