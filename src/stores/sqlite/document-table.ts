// Versions of the configuration document in their table.

import type { Kysely, Selectable } from "kysely";
import type { DocumentStore, DocumentVersion } from "#core/ports/document-store.ts";
import type { DocumentsTable, Tables } from "./tables.ts";

/** Keeps document versions in SQLite; runs on the writer's thread. */
export function documentTable(database: Kysely<Tables>): DocumentStore {
  const newestFirst = database.selectFrom("documents").selectAll().orderBy("version", "desc");
  return {
    async latest() {
      return versionOf(await newestFirst.limit(1).executeTakeFirst());
    },
    async latestFromFile() {
      const fromFile = newestFirst.where("source", "like", "file:%");
      return versionOf(await fromFile.limit(1).executeTakeFirst());
    },
    async versions(limit) {
      const rows = await newestFirst.limit(limit).execute();
      return rows.map(documentOf);
    },
    async get(version) {
      return versionOf(await newestFirst.where("version", "=", version).executeTakeFirst());
    },
    async append(entry) {
      const { hash, source, text, appliedAt } = entry;
      const { version } = await database
        .insertInto("documents")
        .values({ hash, source, text, applied_at: appliedAt })
        .returning("version")
        .executeTakeFirstOrThrow();
      return { version, hash, source, text, appliedAt };
    },
  };
}

function versionOf(row: Selectable<DocumentsTable> | undefined): DocumentVersion | undefined {
  return row === undefined ? undefined : documentOf(row);
}

function documentOf(row: Selectable<DocumentsTable>): DocumentVersion {
  const { version, hash, source, text } = row;
  return { version, hash, source, text, appliedAt: row.applied_at };
}
