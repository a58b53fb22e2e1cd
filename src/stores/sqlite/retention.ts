// Deletes what is older than the retention allows, a small batch at a time.

import type { PreparedSql, SqliteConnection } from "#platform/sqlite.ts";

const BATCH_ROWS = 500;

/** Rows that began before these times are deleted. Milliseconds since the epoch. */
export interface RetentionCuts {
  readonly decisionsBeforeMs: number;
  readonly usageBeforeMs: number;
}

/** Deletes old rows in batches that leave the writer free for others in between. */
export class RetentionSweeper {
  readonly #decisions: PreparedSql;
  readonly #exchanges: PreparedSql;

  constructor(database: SqliteConnection) {
    this.#decisions = database.prepare(oldest("decisions"));
    // Attempts and a decision that is still there go with their exchange.
    this.#exchanges = database.prepare(oldest("exchanges"));
  }

  /** @returns true when there may be more to delete */
  sweepBatch(cuts: RetentionCuts): boolean {
    const decisions = this.#decisions.run([cuts.decisionsBeforeMs, BATCH_ROWS]);
    const exchanges = this.#exchanges.run([cuts.usageBeforeMs, BATCH_ROWS]);
    return Math.max(decisions, exchanges) >= BATCH_ROWS;
  }
}

function oldest(table: "decisions" | "exchanges"): string {
  return (
    `delete from ${table} where seq in ` +
    `(select seq from ${table} where started_at < ? order by started_at limit ?)`
  );
}
