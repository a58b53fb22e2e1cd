// SQLite as the runtime brings it: a small synchronous connection.

import { Database, type SQLQueryBindings, type Statement } from "bun:sqlite";

/** A value that SQLite stores. Integers beyond 2^53 go in as bigint and come out as text (`cast`). */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** What a statement changed. */
export interface SqliteChanges {
  readonly changes: number;
  /** Of the last row that this connection inserted; means nothing when nothing was inserted. */
  readonly lastRowId: number;
}

/** A statement that is parsed once and lives as long as its connection. */
export interface PreparedSql {
  run(values: readonly SqliteValue[]): SqliteChanges;
  all(values: readonly SqliteValue[]): readonly Record<string, unknown>[];
}

/** A statement that releases itself with the first answer; `iterate` leaves that to the connection. */
export interface SingleSql {
  /** True when the statement gives rows. */
  readonly reader: boolean;
  all(values: readonly unknown[]): unknown[];
  run(values: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
  iterate(values: readonly unknown[]): IterableIterator<unknown>;
}

/** One synchronous connection; only worker threads may use one while the gateway serves. */
export interface SqliteConnection {
  /** Runs statements that give no rows and take no values. */
  execute(sql: string): void;
  prepare(sql: string): PreparedSql;
  /** Runs the work in one write transaction; a throw rolls everything back. */
  transaction<Result>(work: () => Result): Result;
  /** Parses a statement for one use. */
  prepareOnce(sql: string): SingleSql;
  close(): void;
}

/** How a connection is opened. */
export interface SqliteOptions {
  /** Refuses writes; the file must exist. */
  readonly isReadOnly: boolean;
  /** How long a statement waits for another connection's lock. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens a database file, which is made when it does not exist.
 * @throws the driver's error when the file cannot be opened or is no database
 */
export function openSqlite(path: string, options: SqliteOptions): SqliteConnection {
  const database = options.isReadOnly
    ? new Database(path, { readonly: true })
    : new Database(path, { create: true, readwrite: true });
  database.run(`pragma busy_timeout = ${options.busyTimeoutMs}`);
  const statements: Statement[] = [];
  return {
    execute: (sql) => {
      database.run(sql);
    },
    prepare: (sql) => {
      const statement = database.prepare(sql);
      statements.push(statement);
      return prepared(statement);
    },
    transaction: (work) => database.transaction(work).immediate(),
    prepareOnce: (sql) => singleUse(database.prepare(sql)),
    close: () => {
      // A statement that is still there keeps the file open and its write-ahead log uncollected.
      for (const statement of statements) statement.finalize();
      database.close();
    },
  };
}

/** True when the error says that another connection holds the lock. */
export function isSqliteBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

function prepared(statement: Statement): PreparedSql {
  return {
    run: (values) => {
      const { changes, lastInsertRowid } = statement.run(...bindings(values));
      return { changes, lastRowId: Number(lastInsertRowid) };
    },
    all: (values) => statement.all(...bindings(values)) as Record<string, unknown>[],
  };
}

function singleUse(statement: Statement): SingleSql {
  return {
    reader: statement.columnNames.length > 0,
    all: (values) => finalized(statement, () => statement.all(...bindings(values))),
    run: (values) => finalized(statement, () => statement.run(...bindings(values))),
    iterate: (values) => statement.iterate(...bindings(values)) as IterableIterator<unknown>,
  };
}

function finalized<Result>(statement: Statement, work: () => Result): Result {
  try {
    return work();
  } finally {
    statement.finalize();
  }
}

function bindings(values: readonly unknown[]): SQLQueryBindings[] {
  return values as SQLQueryBindings[];
}
