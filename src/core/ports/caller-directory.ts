// Who a presented key belongs to. Answered from memory: no store on the hot path.

import type { Caller } from "../caller.ts";

/** The answer to a presented key. */
export type Identified =
  | { readonly kind: "caller"; readonly caller: Caller }
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" };

/** Knows all keys in force, as keyed hashes. */
export interface CallerDirectory {
  /**
   * Finds the caller of a key. Constant-time in the key's secret part; never throws.
   * @param presented the key as the client sent it
   */
  identify(presented: string): Identified;
  /** Calls back with the key id when a key stops being valid, so that open streams can be ended. */
  onRevoked(listener: (keyId: string) => void): void;
}
