// The SQLite stores keep the contracts of their ports, through their real worker threads.

import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentStoreContract } from "#core/ports/document-store.contract.ts";
import { keyStoreContract } from "#core/ports/key-store.contract.ts";
import { recordStoreContract } from "#core/ports/record-store.contract.ts";
import { fakeClock } from "#support/fake-clock.ts";
import { seededRandom } from "#support/seeded-random.ts";
import { openSqliteStores, type SqliteStores } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-stores-"));
const opened: SqliteStores[] = [];

async function open(): Promise<SqliteStores> {
  // One at a time: a suite never looks back at an earlier store.
  await opened.pop()?.close();
  const dataDir = mkdtempSync(join(folder, "data-"));
  const stores = await openSqliteStores({
    dataDir,
    path: join(dataDir, "sluice.db"),
    clock: fakeClock(),
    random: seededRandom(1),
    emit: () => {},
  });
  opened.push(stores);
  return stores;
}

afterAll(async () => {
  await opened.pop()?.close();
  rmSync(folder, { recursive: true, force: true });
});

keyStoreContract("SQLite", async () => (await open()).keys);
documentStoreContract("SQLite", async () => (await open()).documents);
recordStoreContract("SQLite", open);
