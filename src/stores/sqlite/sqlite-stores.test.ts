// The SQLite stores keep the contracts of their ports and their promises, through their real worker threads.

import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentStoreContract } from "#core/ports/document-store.contract.ts";
import { keyStoreContract } from "#core/ports/key-store.contract.ts";
import { SAMPLE_START_MS, sampleRecord } from "#core/ports/record-sample.contract.ts";
import { recordStoreContract } from "#core/ports/record-store.contract.ts";
import type { UsageQuery } from "#core/ports/record-store.ts";
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

describe("the SQLite stores", () => {
  const everything: UsageQuery = {
    fromMs: 0,
    toMs: Number.MAX_SAFE_INTEGER,
    groupBy: [],
    timeZone: "UTC",
    limit: 1,
    cursor: "",
    tenants: undefined,
  };

  function reopen(dataDir: string, path = join(dataDir, "sluice.db")): Promise<SqliteStores> {
    const random = seededRandom(2);
    return openSqliteStores({ dataDir, path, clock: fakeClock(), random, emit: () => {} });
  }

  test("keep everything over a close, and refuse calls after it", async () => {
    const dataDir = mkdtempSync(join(folder, "data-"));
    const first = await reopen(dataDir);
    first.journal.append(sampleRecord(1));
    await first.documents.append({ hash: "h", source: "api", text: "t", appliedAt: 1 });
    await first.close();
    expect(() => first.journal.append(sampleRecord(2))).toThrow("closed");
    const refused = await first.keys.list().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "overloaded" });
    const second = await reopen(dataDir);
    expect((await second.records.usage(everything)).data).toMatchObject([{ requests: 1 }]);
    expect(await second.documents.latest()).toMatchObject({ version: 1 });
    await second.close();
  });

  test("delete what the retention no longer covers", async () => {
    const dataDir = mkdtempSync(join(folder, "data-"));
    const clock = fakeClock(SAMPLE_START_MS + 86_400_000);
    const path = join(dataDir, "sluice.db");
    const random = seededRandom(3);
    const stores = await openSqliteStores({ dataDir, path, clock, random, emit: () => {} });
    stores.journal.append(sampleRecord(1));
    stores.journal.append(sampleRecord(2, { startedAt: clock.now() }));
    expect((await stores.records.usage(everything)).data).toMatchObject([{ requests: 2 }]);
    stores.setRetention({ decisionsMs: 3_600_000, usageMs: 3_600_000 });
    clock.advance(100);
    // The sweep was asked for before this query, on the same thread.
    expect((await stores.records.usage(everything)).data).toMatchObject([{ requests: 1 }]);
    await stores.close();
  });

  test("leave the folder free when the database cannot be opened", async () => {
    const dataDir = mkdtempSync(join(folder, "data-"));
    const path = join(dataDir, "sluice.db");
    writeFileSync(path, "this is a text and no database ".repeat(200));
    const refused = await reopen(dataDir).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "StoreOpenError", fault: "unusable" });
    rmSync(path);
    await (await reopen(dataDir)).close();
  });

  test("hold the folder of a database that lies elsewhere as well", async () => {
    const path = join(mkdtempSync(join(folder, "elsewhere-")), "sluice.db");
    const stores = await reopen(mkdtempSync(join(folder, "data-")), path);
    const other = await reopen(mkdtempSync(join(folder, "data-")), path).catch(
      (error: unknown) => error,
    );
    expect(other).toMatchObject({ name: "StoreOpenError", fault: "locked" });
    await stores.close();
  });
});
