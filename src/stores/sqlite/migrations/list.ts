// All migrations in order. The schema's version is the number of those that have been run.

import type { SqliteConnection } from "#platform/sqlite.ts";
import { firstTables } from "./0001-first-tables.ts";

/** Each runs once, in one transaction with the others that are due. Never change one that shipped. */
export const MIGRATIONS: readonly ((database: SqliteConnection) => void)[] = [firstTables];
