// Small files that others rewrite while the process runs: tokens that an orchestrator rotates.

/** Reads files by their whole path. */
export interface TextFiles {
  /** @returns the text without a line end at its end. @throws Error when the file cannot be read */
  read(path: string): Promise<string>;
}
