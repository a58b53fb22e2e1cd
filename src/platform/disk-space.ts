// Whether a folder takes writes at this moment: the only way to know is to write.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** More than the largest record, so that a folder that takes this takes the next record too. */
const PROBE = new Uint8Array(64 * 1024);

/**
 * Writes a file into the folder and takes it away again.
 * @throws the system's error when the disk is full, read-only or gone
 */
export function checkSpace(folder: string): void {
  const path = join(folder, "space.probe");
  try {
    writeFileSync(path, PROBE, { mode: 0o600 });
  } finally {
    rmSync(path, { force: true });
  }
}
