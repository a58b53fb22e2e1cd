// Names of documents: Bedrock demands one of each, takes few characters, and no name twice in a request
// (vendor's API reference of DocumentBlock, 2026-11).

const LONGEST_NAME = 200;
const UNNAMED = "document";

/** Hands out the names of one request's documents. */
export class DocumentNames {
  readonly #taken = new Set<string>();

  /** A permitted name that no other document of the request has. */
  next(given: string | undefined): string {
    const base = permittedName(given ?? "") || UNNAMED;
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) {
      const suffix = ` (${number})`;
      name = base.slice(0, LONGEST_NAME - suffix.length).trimEnd() + suffix;
    }
    this.#taken.add(name);
    return name;
  }
}

/** The file's extension says what the format says already, so it goes first. */
function permittedName(given: string): string {
  return given
    .replace(/\.[A-Za-z0-9]{1,5}$/, "")
    .replace(/[^A-Za-z0-9\s()[\]-]+/g, "-")
    .replace(/\s+/g, " ")
    .slice(0, LONGEST_NAME)
    .trim();
}
