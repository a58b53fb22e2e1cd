// The last few values of something, for percentiles that forget.

const CAPACITY = 128;

/** A ring of numbers. NaN and negative values are not taken. */
export class Samples {
  #values: Float64Array | undefined;
  #next = 0;
  #count = 0;

  /** How many values were ever added. */
  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    if (!(value >= 0) || !Number.isFinite(value)) return;
    this.#values ??= new Float64Array(CAPACITY);
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % CAPACITY;
    this.#count += 1;
  }

  /** The value below which this share of the kept ones lies; null without any. */
  percentile(share: number): number | null {
    const kept = this.#kept();
    if (kept.length === 0) return null;
    const sorted = kept.slice().sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  }

  /** Null without any value. */
  mean(): number | null {
    const kept = this.#kept();
    if (kept.length === 0) return null;
    return kept.reduce((sum, value) => sum + value, 0) / kept.length;
  }

  #kept(): Float64Array {
    const values = this.#values ?? new Float64Array(0);
    return values.subarray(0, Math.min(this.#count, CAPACITY));
  }
}
