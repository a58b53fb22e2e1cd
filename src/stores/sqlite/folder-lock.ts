// One process owns a data folder. The lock is the operating system's own, taken through SQLite, so
// that it ends with the process, also after kill -9; a file beside it says who holds it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isSqliteBusy, openSqlite, type SqliteConnection } from "#platform/sqlite.ts";
import { StoreOpenError } from "../store-fault.ts";

/** A held lock. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder, which is made when it does not exist.
 * @throws StoreOpenError `locked` when another process has it, `unusable` when it cannot be written
 */
export function lockFolder(folder: string): FolderLock {
  const ownerPath = join(folder, "sluice.pid");
  let lock: SqliteConnection | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    lock = openSqlite(join(folder, "sluice.lock"), { isReadOnly: false, busyTimeoutMs: 0 });
    lock.execute("begin exclusive");
    writeFileSync(ownerPath, `${process.pid} on ${hostname()}\n`, { mode: 0o600 });
  } catch (error) {
    lock?.close();
    if (isSqliteBusy(error)) throw lockedError(folder, ownerPath);
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreOpenError("unusable", `The folder ${folder} cannot be used: ${reason}`, error);
  }
  const held = lock;
  return {
    release() {
      rmSync(ownerPath, { force: true });
      held.close();
    },
  };
}

function lockedError(folder: string, ownerPath: string): StoreOpenError {
  return new StoreOpenError(
    "locked",
    `The data folder ${folder} is in use by process ${ownerIn(ownerPath)}. ` +
      "Stop that process, or give this one a folder of its own.",
  );
}

function ownerIn(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "(unknown: it is just starting or ending)";
  }
}
