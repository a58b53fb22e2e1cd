// How many request bytes are held at once. Beyond the limit new calls are refused, not swapped out.

/** Counts held bytes. */
export class InflightBytes {
  #held = 0;

  get held(): number {
    return this.#held;
  }

  /** @returns false when these bytes would exceed the limit; nothing is held then */
  hold(bytes: number, limit: number): boolean {
    if (this.#held > 0 && this.#held + bytes > limit) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held = Math.max(0, this.#held - bytes);
  }
}
