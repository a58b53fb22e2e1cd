// Versions of the configuration document in memory, for tests.

import type { DocumentStore, DocumentVersion } from "#core/ports/document-store.ts";

/** Keeps versions as long as the process lives. */
export function memoryDocuments(): DocumentStore {
  const versions: DocumentVersion[] = [];
  return {
    async latest() {
      return versions.at(-1);
    },
    async latestFromFile() {
      return versions.findLast(({ source }) => source.startsWith("file:"));
    },
    async versions(limit) {
      return versions.toReversed().slice(0, limit);
    },
    async get(version) {
      return versions[version - 1];
    },
    async append(entry) {
      const { hash, source, text, appliedAt } = entry;
      const appended = { version: versions.length + 1, hash, source, text, appliedAt };
      versions.push(appended);
      return appended;
    },
  };
}
