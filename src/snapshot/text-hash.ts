// Names a text by its SHA-256.

import { createHash } from "node:crypto";

/** SHA-256 of a text, hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
