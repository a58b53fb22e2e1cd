// The journal: what must survive a crash is appended here before the client's last byte goes out.

import type { ExchangeRecord } from "../record.ts";

/** Appends one record a settled exchange. */
export interface Journal {
  /**
   * Writes the record to the operating system before it returns (no fsync: a crash of the process
   * loses nothing, a loss of power may lose the last second).
   * @throws when the disk refuses; the caller then answers `overloaded`, since an answer that is
   *   not recorded is not given
   */
  append(record: ExchangeRecord): void;
  /**
   * Finds out whether a record could be written now, without writing one.
   * @throws as `append` would
   */
  check(): void;
}
