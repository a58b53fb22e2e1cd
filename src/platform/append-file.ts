// A file that only grows: each append is one write(2), and is there whole or not at all.

import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

/** Written by this process alone. Nothing is synced: what is appended outlives the process, not the power. */
export interface AppendFile {
  /** Bytes in the file. */
  readonly size: number;
  /** True when a failed append could not be taken back, so that the file ends in a part of a line. */
  readonly isTorn: boolean;
  /**
   * Appends the first `length` bytes.
   * @throws the system's error when the disk refuses; nothing of the bytes stays in the file then,
   *   unless `isTorn`
   */
  append(bytes: Uint8Array, length: number): void;
  close(): void;
}

/**
 * Makes a new file, readable by its owner alone.
 * @throws the system's error, also when the file exists
 */
export function createAppendFile(path: string): AppendFile {
  const descriptor = openSync(path, "ax", 0o600);
  let size = 0;
  let isTorn = false;
  return {
    get size() {
      return size;
    },
    get isTorn() {
      return isTorn;
    },
    append(bytes, length) {
      let written = 0;
      try {
        while (written < length) {
          written += writeSync(descriptor, bytes, written, length - written);
        }
      } catch (error) {
        if (written > 0) isTorn = !isCutBack(descriptor, size);
        throw error;
      }
      size += length;
    },
    close: () => closeSync(descriptor),
  };
}

function isCutBack(descriptor: number, size: number): boolean {
  try {
    ftruncateSync(descriptor, size);
    return true;
  } catch {
    return false;
  }
}
