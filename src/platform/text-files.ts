// Small text files, read whole and bounded.

import { open } from "node:fs/promises";
import type { TextFiles } from "#core/ports/text-files.ts";

const LONGEST_FILE_BYTES = 65_536;

/** Files of this machine. */
export const textFiles: TextFiles = Object.freeze({
  async read(path: string): Promise<string> {
    const file = await open(path, "r");
    try {
      const buffer = new Uint8Array(LONGEST_FILE_BYTES + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      if (bytesRead > LONGEST_FILE_BYTES) throw new Error("The file is too long.");
      return new TextDecoder().decode(buffer.subarray(0, bytesRead)).trimEnd();
    } finally {
      await file.close();
    }
  },
});
