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
  readonly #database: SqliteConnection;
  readonly #oldDecisions: PreparedSql;
  readonly #oldExchanges: readonly PreparedSql[];

  constructor(database: SqliteConnection) {
    this.#database = database;
    this.#oldDecisions = database.prepare(deleteOld("decisions", "decisions"));
    // The exchange goes last: its decision is found by it.
    this.#oldExchanges = (["decisions", "exchanges"] as const).map((table) =>
      database.prepare(deleteOld(table, "exchanges")),
    );
  }

  /** @returns true when there may be more to delete */
  sweepBatch(cuts: RetentionCuts): boolean {
    return this.#database.transaction(() => {
      let deleted = this.#oldDecisions.run([cuts.decisionsBeforeMs, BATCH_ROWS]).changes;
      for (const statement of this.#oldExchanges) {
        deleted = Math.max(deleted, statement.run([cuts.usageBeforeMs, BATCH_ROWS]).changes);
      }
      return deleted >= BATCH_ROWS;
    });
  }
}

/** Deletes the rows of a table that belong to the oldest batch of another. */
function deleteOld(table: "decisions" | "exchanges", batchOf: "decisions" | "exchanges"): string {
  return (
    `delete from ${table} where seq in ` +
    `(select seq from ${batchOf} where started_at < ? order by started_at, seq limit ?)`
  );
}
