// Writes log lines in batches: one write for what gathered in a tenth of a second, none while idle.

import { writeSync } from "node:fs";

const FLUSH_EVERY_MS = 100;
const FLUSH_AT_LENGTH = 64 * 1024;
/** Lines that cannot be written are kept up to this length, then dropped and counted. */
const MOST_KEPT_LENGTH = 4 * 1024 * 1024;

/** Takes whole lines. */
export interface LineWriter {
  write(line: string): void;
  /** Writes what is left; for the end of the process. */
  flush(): void;
}

/** @param descriptor of an open file: 1 for standard output, 2 for standard error */
export function createLineWriter(descriptor: number): LineWriter {
  let pending = "";
  let dropped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (dropped > 0 && pending.length < MOST_KEPT_LENGTH) {
      pending += `${JSON.stringify({ level: "warn", message: "log lines dropped", dropped })}\n`;
      dropped = 0;
    }
    if (pending === "") return;
    const bytes = Buffer.from(pending);
    pending = "";
    const written = writeUpTo(descriptor, bytes);
    if (written < bytes.length) pending = bytes.subarray(written).toString();
  };
  return {
    write(line) {
      if (pending.length > MOST_KEPT_LENGTH) {
        dropped += 1;
        return;
      }
      pending += line;
      if (pending.length >= FLUSH_AT_LENGTH) flush();
      timer ??= setTimeout(flush, FLUSH_EVERY_MS).unref();
    },
    flush,
  };
}

/** @returns how many bytes went out; fewer than given when the reader is slow or has gone */
function writeUpTo(descriptor: number, bytes: Uint8Array): number {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
      // A reader that has gone for good must not keep the gateway busy.
      return isFull ? offset : bytes.length;
    }
  }
  return offset;
}
