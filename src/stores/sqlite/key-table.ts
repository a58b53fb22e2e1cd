// Keys in their table.

import type { KeyStore, StoredKey } from "#core/ports/key-store.ts";
import type { SqliteConnection, SqliteValue } from "#platform/sqlite.ts";

const COLUMNS = [
  ...["id", "name", "tenant", "project", "plan", "models", "tags", "hash", "previous_hash"],
  ...["previous_valid_until", "created_at", "expires_at", "revoked_at"],
];

/** Keeps keys in SQLite; runs on the writer's thread. */
export function keyTable(database: SqliteConnection): KeyStore {
  const list = database.prepare(
    `select ${COLUMNS.join(", ")} from keys order by created_at, rowid`,
  );
  const put = database.prepare(
    `insert or replace into keys (${COLUMNS.join(", ")}) values (${COLUMNS.map(() => "?").join(", ")})`,
  );
  return {
    list: async () => list.all([]).map(keyOf),
    put: async (key) => {
      put.run(valuesOf(key));
    },
  };
}

/** In the order of the columns. */
function valuesOf(key: StoredKey): SqliteValue[] {
  return [
    key.id,
    key.name,
    key.tenant,
    key.project,
    key.plan,
    key.models === null ? null : JSON.stringify(key.models),
    JSON.stringify(key.tags),
    key.hash,
    key.previousHash,
    key.previousValidUntil,
    key.createdAt,
    key.expiresAt,
    key.revokedAt,
  ];
}

function keyOf(row: Readonly<Record<string, unknown>>): StoredKey {
  const { models } = row;
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    tenant: String(row["tenant"]),
    project: String(row["project"]),
    plan: String(row["plan"]),
    models: typeof models === "string" ? (JSON.parse(models) as string[]) : null,
    tags: JSON.parse(String(row["tags"])) as string[],
    hash: String(row["hash"]),
    previousHash: String(row["previous_hash"]),
    previousValidUntil: Number(row["previous_valid_until"]),
    createdAt: Number(row["created_at"]),
    expiresAt: Number(row["expires_at"]),
    revokedAt: Number(row["revoked_at"]),
  };
}
