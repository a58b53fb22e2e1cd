// Why the stores cannot be opened, or cannot answer now.

import { GatewayError } from "#core/errors.ts";

/** What stands in the way of opening the stores. */
export type OpenFault =
  /** Another process owns the data folder. */
  | "locked"
  /** The database was written by a later version of Sluice. */
  | "newer_schema"
  /** The file or folder cannot be used: permissions, disk, or it is no database. */
  | "unusable";

/** Thrown by `openSqliteStores`. The message is for the person who starts the process. */
export class StoreOpenError extends Error {
  readonly fault: OpenFault;

  constructor(fault: OpenFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreOpenError";
    this.fault = fault;
  }
}

/** The answer to a query while the store's worker is gone: try again, nothing recorded is lost. */
export function storeUnavailable(cause: unknown): GatewayError {
  return new GatewayError(
    "overloaded",
    "The store is not available at the moment; its worker is being started again. Try again later.",
    { retryAfterSeconds: 1, cause },
  );
}

/** SQLite's and the system's words for a disk that is full, read-only or failing. */
const DISK_WORDS = /disk is full|disk I\/O error|readonly database|ENOSPC|EDQUOT|EROFS|EIO\b/i;

/** True when it is the disk that stands in the way, so that somebody has to make room. */
export function isDiskFault(error: unknown): error is Error {
  return error instanceof Error && DISK_WORDS.test(error.message);
}

/** The answer to a query or a change while the disk refuses writes. Nothing that was recorded is lost. */
export function diskRefuses(cause: Error): GatewayError {
  return new GatewayError(
    "overloaded",
    `The data folder's disk takes no writes (${cause.message}). Make room there, then try again; no restart is needed.`,
    { retryAfterSeconds: 5, cause },
  );
}
