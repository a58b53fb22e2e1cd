// Chance from the operating system: the production Random.

import type { Random } from "#core/ports/random.ts";

/** Bytes of the system's cryptographic generator, fit for keys. */
export const cryptoRandom: Random = Object.freeze({
  bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
});
