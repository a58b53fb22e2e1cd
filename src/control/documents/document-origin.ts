// Which rules a stored document is compiled under.

import type { DocumentStore } from "#core/ports/document-store.ts";
import type { DocumentOrigin } from "#snapshot/document/references.ts";

const FILE = "file:";
const ROLLBACK = "rollback:";

/**
 * Reads the origin off a source: `file:<path>`, `api`, `demo` or `rollback:<version>`, which has the
 * origin of the version that it brought back. What cannot be told counts as sent by API: the
 * strictest rules.
 */
export async function originOf(source: string, store: DocumentStore): Promise<DocumentOrigin> {
  let found = source;
  // Versions only ever point back, so the chain ends.
  while (found.startsWith(ROLLBACK)) {
    const entry = await store.get(Number(found.slice(ROLLBACK.length)));
    if (entry === undefined || entry.source === found) return { kind: "api" };
    found = entry.source;
  }
  if (found.startsWith(FILE)) return { kind: "file", path: found.slice(FILE.length) };
  return { kind: found === "demo" ? "demo" : "api" };
}
