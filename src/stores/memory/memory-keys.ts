// Keys in memory, for tests.

import type { KeyStore, StoredKey } from "#core/ports/key-store.ts";

/** Keeps keys as long as the process lives. */
export function memoryKeys(): KeyStore {
  const keys = new Map<string, StoredKey>();
  return {
    async list() {
      return [...keys.values()].sort(
        (left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1),
      );
    },
    async put(key) {
      keys.set(key.id, structuredClone(key));
    },
  };
}
