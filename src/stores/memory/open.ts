// All stores in memory, for tests: the same ports as the embedded stores, nothing on the disk.

import type { DocumentStore } from "#core/ports/document-store.ts";
import type { KeyStore } from "#core/ports/key-store.ts";
import { memoryDocuments } from "./memory-documents.ts";
import { memoryKeys } from "./memory-keys.ts";
import { type MemoryRecords, memoryRecords } from "./memory-records.ts";

/** Stores that forget everything when the process ends. */
export interface MemoryStores {
  readonly keys: KeyStore;
  readonly records: MemoryRecords;
  readonly documents: DocumentStore;
  /** The same object as `records`. */
  readonly journal: MemoryRecords;
}

/** Makes empty stores. */
export function openMemoryStores(): MemoryStores {
  const records = memoryRecords();
  return { keys: memoryKeys(), records, documents: memoryDocuments(), journal: records };
}
