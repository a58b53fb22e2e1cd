// Chance, as a port, so that a seed can stand in for it.

/** A source of random bytes fit for keys. */
export interface Random {
  /** @returns `count` fresh random bytes, owned by the caller */
  bytes(count: number): Uint8Array;
}
