// Versions of the configuration document, as they were applied.

/** One applied version. */
export interface DocumentVersion {
  /** Counts up from 1. */
  readonly version: number;
  /** SHA-256 of the text, hex. */
  readonly hash: string;
  /** `file:<path>`, `api`, `rollback:<version>` or `demo`. */
  readonly source: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly appliedAt: number;
}

/** Keeps document versions. */
export interface DocumentStore {
  /** The version in force, undefined before the first. */
  latest(): Promise<DocumentVersion | undefined>;
  /** The last version whose source is a file, undefined when there is none. */
  latestFromFile(): Promise<DocumentVersion | undefined>;
  /** Newest first. */
  versions(limit: number): Promise<readonly DocumentVersion[]>;
  get(version: number): Promise<DocumentVersion | undefined>;
  /** Appends and returns the new version, durable. */
  append(entry: Omit<DocumentVersion, "version">): Promise<DocumentVersion>;
}
