// Versions of the configuration document in their table.

import type { DocumentStore, DocumentVersion } from "#core/ports/document-store.ts";
import type { PreparedSql, SqliteConnection } from "#platform/sqlite.ts";

const SELECT = "select version, hash, source, text, applied_at from documents";

/** Keeps document versions in SQLite; runs on the writer's thread. */
export function documentTable(database: SqliteConnection): DocumentStore {
  const latest = database.prepare(`${SELECT} order by version desc limit 1`);
  const latestFromFile = database.prepare(
    `${SELECT} where source like 'file:%' order by version desc limit 1`,
  );
  const newest = database.prepare(`${SELECT} order by version desc limit ?`);
  const one = database.prepare(`${SELECT} where version = ?`);
  const insert = database.prepare(
    "insert into documents (hash, source, text, applied_at) values (?, ?, ?, ?) returning version",
  );
  return {
    latest: async () => rowsOf(latest, []).at(0),
    latestFromFile: async () => rowsOf(latestFromFile, []).at(0),
    versions: async (limit) => rowsOf(newest, [limit]),
    get: async (version) => rowsOf(one, [version]).at(0),
    async append(entry) {
      const { hash, source, text, appliedAt } = entry;
      const [row] = insert.all([hash, source, text, appliedAt]);
      return { version: Number(row?.["version"]), hash, source, text, appliedAt };
    },
  };
}

function rowsOf(statement: PreparedSql, values: readonly number[]): DocumentVersion[] {
  return statement.all(values).map((row) => ({
    version: Number(row["version"]),
    hash: String(row["hash"]),
    source: String(row["source"]),
    text: String(row["text"]),
    appliedAt: Number(row["applied_at"]),
  }));
}
