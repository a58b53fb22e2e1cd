// The snapshot in force. Each exchange takes it once and keeps it.

/** Hands out the current snapshot; a reload swaps it between two calls. */
export interface SnapshotSource<Snapshot> {
  /** @returns undefined before the first document was compiled */
  current(): Snapshot | undefined;
}
