// Counts what becomes of the pairs of the matrix, and holds what was once reached.

import floors from "./floors.json";

/** What became of one pair. */
export type Outcome =
  | { readonly kind: "equal" }
  /** Something is carried otherwise, which is announced, and why stands in the table. */
  | { readonly kind: "explained"; readonly reason: string }
  /** Refused before anything was sent, because the target has nothing of the kind. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly why: string };

export const EQUAL: Outcome = Object.freeze({ kind: "equal" });

interface Count {
  total: number;
  equal: number;
  explained: number;
  refused: number;
  failed: number;
}

const COLUMNS = ["total", "equal", "explained", "refused", "failed"] as const;
const FLOORS: Readonly<Record<string, Readonly<Record<string, number>>>> = floors;

/** Of all pairs, as many may need an explanation. */
const MOST_EXPLAINED = 0.03;
const LONGEST = 600;
/** Set to any value: every difference is printed. */
const isVerbose = process.env["SLUICE_CORPUS_DIFFERENCES"] !== undefined;

/** One stage of the matrix: cells, each a pair of dialects or one dialect. */
export class Tally {
  readonly #stage: string;
  readonly #cells = new Map<string, Count>();
  readonly #reasons = new Map<string, number>();
  readonly failures: string[] = [];

  constructor(stage: string) {
    this.#stage = stage;
  }

  /** Takes one pair. */
  add(cell: string, sample: string, outcome: Outcome): void {
    const count = this.#cells.get(cell) ?? {
      total: 0,
      equal: 0,
      explained: 0,
      refused: 0,
      failed: 0,
    };
    this.#cells.set(cell, count);
    count.total += 1;
    count[outcome.kind] += 1;
    if (outcome.kind === "explained" || outcome.kind === "refused") {
      const key = `${cell}, ${outcome.kind}: ${outcome.reason}`;
      this.#reasons.set(key, (this.#reasons.get(key) ?? 0) + 1);
    }
    if (outcome.kind === "failed") {
      this.failures.push(`${cell}, ${sample}: ${outcome.why.slice(0, LONGEST)}`);
    }
  }

  /** All cells together. */
  get sum(): Readonly<Count> {
    const sum: Count = { total: 0, equal: 0, explained: 0, refused: 0, failed: 0 };
    for (const count of this.#cells.values()) {
      for (const column of COLUMNS) sum[column] += count[column];
    }
    return sum;
  }

  /** True when more pairs needed an explanation than may. */
  get isOverExplained(): boolean {
    const { total, explained } = this.sum;
    return explained > total * MOST_EXPLAINED;
  }

  /** Cells in which fewer pairs are equal than once were. */
  get belowFloor(): string[] {
    const wanted = Object.entries(FLOORS[this.#stage] ?? {});
    return wanted.flatMap(([cell, floor]) => {
      const equal = this.#cells.get(cell)?.equal ?? 0;
      return equal < floor ? [`${cell}: ${equal} equal, ${floor} before`] : [];
    });
  }

  /** What may stand in `floors.json` for this stage. */
  get reached(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#cells].map(([cell, { equal }]) => [cell, equal]));
  }

  /** The table, the reasons, and what failed. */
  report(): string {
    const rows = [...this.#cells, ["all", this.sum] as const];
    const width = Math.max(...rows.map(([cell]) => cell.length));
    const lines = rows.map(([cell, count]) => {
      const cells = COLUMNS.map((column) => String(count[column]).padStart(column.length));
      return [cell.padEnd(width), ...cells].join("  ");
    });
    const reasons = [...this.#reasons]
      .sort(([, one], [, other]) => other - one)
      .map(([reason, count]) => `  ${count} ${reason}`);
    return [
      `${this.#stage}`,
      ["".padEnd(width), ...COLUMNS].join("  "),
      ...lines,
      ...reasons,
      ...this.failures.slice(0, isVerbose ? Infinity : 20).map((failure) => `  FAILED ${failure}`),
    ].join("\n");
  }
}
