// Holds the snapshot in force and tells those who keep something of it when it is swapped.

import type { SnapshotSource } from "#core/ports/snapshot-source.ts";
import type { Snapshot } from "./snapshot.ts";

/** Called with each new snapshot, in the same turn as the swap. Must not wait. */
export type SwapListener = (snapshot: Snapshot) => void;

/** The one place where a snapshot becomes the current one. */
export class SnapshotHolder implements SnapshotSource<Snapshot> {
  readonly #listeners: SwapListener[] = [];
  readonly #onFault: (error: unknown) => void;
  #current: Snapshot | undefined;

  /** @param onFault told when a listener throws; the swap and the other listeners go on */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  current(): Snapshot | undefined {
    return this.#current;
  }

  /** Calls back after every swap; at once when there is a snapshot already. */
  onSwap(listener: SwapListener): void {
    this.#listeners.push(listener);
    if (this.#current !== undefined) this.#tell(listener, this.#current);
  }

  /** Makes a snapshot the current one. Calls that took the old one keep it. */
  swap(snapshot: Snapshot): void {
    this.#current = snapshot;
    for (const listener of this.#listeners) this.#tell(listener, snapshot);
  }

  #tell(listener: SwapListener, snapshot: Snapshot): void {
    try {
      listener(snapshot);
    } catch (error) {
      this.#onFault(error);
    }
  }
}
