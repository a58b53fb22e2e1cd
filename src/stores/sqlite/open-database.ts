// Opens the database file: settings, and the schema brought up to date.

import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { openSqlite, type SqliteConnection } from "#platform/sqlite.ts";
import { StoreOpenError } from "../store-fault.ts";
import { MIGRATIONS } from "./migrations/list.ts";

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the one connection that writes. Every commit is synced to the disk, since journal segments
 * are deleted after it.
 * @throws StoreOpenError
 */
export function openForWriting(path: string): SqliteConnection {
  let database: SqliteConnection | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    database = openSqlite(path, { isReadOnly: false, busyTimeoutMs: BUSY_TIMEOUT_MS });
    chmodSync(path, 0o600);
    database.execute("pragma journal_mode = wal");
    database.execute("pragma synchronous = full");
    // Fewer checkpoints copy a page that still grows fewer times; the log stays below 16 MB.
    database.execute("pragma wal_autocheckpoint = 4000");
    migrate(database, path);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StoreOpenError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreOpenError("unusable", `The database ${path} cannot be used: ${reason}`, error);
  }
}

/** Opens a connection that only reads; the writer must have opened the file before. */
export function openForReading(path: string): SqliteConnection {
  return openSqlite(path, { isReadOnly: true, busyTimeoutMs: BUSY_TIMEOUT_MS });
}

function migrate(database: SqliteConnection, path: string): void {
  const [row] = database.prepare("select user_version as version from pragma_user_version").all([]);
  const version = Number(row?.["version"]);
  if (version > MIGRATIONS.length) {
    throw new StoreOpenError(
      "newer_schema",
      `The database ${path} has schema ${version}, this version of Sluice knows ${MIGRATIONS.length}. ` +
        "Start the newer version, or give another database.",
    );
  }
  if (version === MIGRATIONS.length) return;
  database.transaction(() => {
    for (const migration of MIGRATIONS.slice(version)) migration(database);
    database.execute(`pragma user_version = ${MIGRATIONS.length}`);
  });
}
