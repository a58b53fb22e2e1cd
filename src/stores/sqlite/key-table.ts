// Keys in their table.

import type { Kysely, Selectable } from "kysely";
import type { KeyStore, StoredKey } from "#core/ports/key-store.ts";
import type { KeysTable, Tables } from "./tables.ts";

/** Keeps keys in SQLite; runs on the writer's thread. */
export function keyTable(database: Kysely<Tables>): KeyStore {
  return {
    async list() {
      const rows = await database
        .selectFrom("keys")
        .selectAll()
        .orderBy("created_at")
        .orderBy("id")
        .execute();
      return rows.map(keyOf);
    },
    async put(key) {
      const row = rowOf(key);
      await database
        .insertInto("keys")
        .values(row)
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
  };
}

function rowOf(key: StoredKey): KeysTable {
  return {
    id: key.id,
    name: key.name,
    tenant: key.tenant,
    project: key.project,
    plan: key.plan,
    models: key.models === null ? null : JSON.stringify(key.models),
    tags: JSON.stringify(key.tags),
    hash: key.hash,
    previous_hash: key.previousHash,
    previous_valid_until: key.previousValidUntil,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
  };
}

function keyOf(row: Selectable<KeysTable>): StoredKey {
  return {
    id: row.id,
    name: row.name,
    tenant: row.tenant,
    project: row.project,
    plan: row.plan,
    models: row.models === null ? null : (JSON.parse(row.models) as string[]),
    tags: JSON.parse(row.tags) as string[],
    hash: row.hash,
    previousHash: row.previous_hash,
    previousValidUntil: row.previous_valid_until,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
