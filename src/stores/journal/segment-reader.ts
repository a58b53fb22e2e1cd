// Reads a segment in stretches of whole lines, from where the last import ended.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { scanLines } from "./line-frame.ts";
import { segmentIdOf } from "./segments.ts";

const STRETCH_BYTES = 256 * 1024;
const HEADER_BYTES = 256;

/** Whole lines of a segment and where they end. */
export interface Stretch {
  readonly lines: readonly string[];
  /** Offset in the file behind the last line. */
  readonly endOffset: number;
  readonly damaged: number;
  readonly tornBytes: number;
}

/** An open segment. Read positions are the caller's. */
export interface SegmentReader {
  /** The id in its first line; undefined when that line is torn, damaged or not there. */
  readonly id: string | undefined;
  /** Bytes behind the first line; where the first record begins. */
  readonly firstOffset: number;
  /** Bytes in the file now. */
  size(): number;
  /**
   * Reads on from an offset; no lines and the same offset mean that there is no more.
   * @param isSealed nothing will be appended to the segment any more
   */
  read(offset: number, isSealed: boolean): Stretch;
  close(): void;
}

/** @throws the system's error when the file cannot be opened */
export function openSegment(path: string): SegmentReader {
  const descriptor = openSync(path, "r");
  const header = scanLines(readBytes(descriptor, 0, HEADER_BYTES), false);
  const [start = 0, end = 0] = header.bounds;
  const id = segmentIdOf(readBytes(descriptor, start, end - start).toString("utf8"));
  return {
    id,
    firstOffset: id === undefined ? 0 : end + 1,
    size: () => fstatSync(descriptor).size,
    read: (offset, isSealed) => readStretch(descriptor, offset, isSealed),
    close: () => closeSync(descriptor),
  };
}

function readStretch(descriptor: number, offset: number, isSealed: boolean): Stretch {
  const fileSize = fstatSync(descriptor).size;
  for (let size = STRETCH_BYTES; ; size *= 2) {
    const bytes = readBytes(descriptor, offset, Math.min(size, fileSize - offset));
    const reachesEnd = offset + bytes.length >= fileSize;
    const scan = scanLines(bytes, isSealed && reachesEnd);
    // A line longer than the stretch: read a longer one.
    if (scan.consumed === 0 && !reachesEnd) continue;
    const lines: string[] = [];
    for (let index = 0; index < scan.bounds.length; index += 2) {
      lines.push(bytes.toString("utf8", scan.bounds[index], scan.bounds[index + 1]));
    }
    return {
      lines,
      endOffset: offset + scan.consumed,
      damaged: scan.damaged,
      tornBytes: scan.tornBytes,
    };
  }
}

/** Reads up to `length` bytes; fewer only at the end of the file. */
function readBytes(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
