// A connection to SQLite for Kysely. Apart from the connection, since loading Kysely costs every
// thread that does more than 5 MB and 30 ms.

import { type Dialect, SqliteDialect } from "kysely";
import type { SqliteConnection } from "./sqlite.ts";

/** Lets Kysely query through a connection, which is closed with it. */
export function sqliteDialect(connection: SqliteConnection): Dialect {
  return new SqliteDialect({
    database: {
      prepare: (sql) => connection.prepareOnce(sql),
      close: () => connection.close(),
    },
  });
}
