// kill -9 at any moment loses no record that was appended, and counts none twice.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayEvent } from "#core/events.ts";
import { cryptoRandom } from "#platform/crypto-random.ts";
import { openSqlite } from "#platform/sqlite.ts";
import { systemClock } from "#platform/system-clock.ts";
import { openSqliteStores, type SqliteStores } from "#stores/sqlite/open.ts";
import { seededRandom } from "#support/seeded-random.ts";

const WRITER = join(import.meta.dir, "journal-writer.ts");
const ROUNDS = 6;
const SEED = 4_711;
const ID = /^[0-9a-z]{26}$/;

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sluice-crash-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

interface Writer {
  readonly child: ChildProcess;
  /** Whole lines that the process printed so far. */
  readonly lines: () => string[];
  readonly exited: Promise<void>;
}

function startWriter(args: readonly string[], shellPrefix = ""): Writer {
  const command = [process.execPath, WRITER, dataDir, ...args].map((part) => `'${part}'`).join(" ");
  const child = spawn("/bin/sh", ["-c", `${shellPrefix}exec ${command}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return {
    child,
    lines: () => output.slice(0, output.lastIndexOf("\n") + 1).split("\n"),
    exited: new Promise((resolve) => child.on("close", () => resolve())),
  };
}

function openStores(events: GatewayEvent[] = []): Promise<SqliteStores> {
  return openSqliteStores({
    dataDir,
    path: join(dataDir, "sluice.db"),
    clock: systemClock,
    random: cryptoRandom,
    emit: (event) => events.push(event),
  });
}

/** All ids in the tables, each with its decision, read past the stores. */
function storedIds(): string[] {
  const database = openSqlite(join(dataDir, "sluice.db"), {
    isReadOnly: true,
    busyTimeoutMs: 5000,
  });
  const rows = database.prepare("select id from exchanges").all([]);
  const [parts] = database
    .prepare("select count(*) as decisions from decisions join exchanges using (seq)")
    .all([]);
  database.close();
  expect(parts).toEqual({ decisions: rows.length });
  return rows.map(({ id }) => String(id));
}

/** Everything the journal holds, imported; how many exchanges the admin API would count. */
async function importAll(events: GatewayEvent[] = []): Promise<number> {
  const stores = await openStores(events);
  const everything = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, groupBy: [], timeZone: "UTC" };
  const page = await stores.records.usage({
    ...everything,
    limit: 1,
    cursor: "",
    tenants: undefined,
  });
  await stores.close();
  return Number(page.data[0]?.["requests"]);
}

function expectExactlyOnce(printed: ReadonlySet<string>, stored: readonly string[]): void {
  const unique = new Set(stored);
  expect(unique.size).toBe(stored.length);
  expect([...printed].filter((id) => !unique.has(id))).toEqual([]);
}

describe("the journal", () => {
  test(`keeps every appended record through kill -9 (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const printed = new Set<string>();
    let next = 1;
    for (let round = 0; round < ROUNDS; round += 1) {
      // Short lines in some rounds, lines of several pages in others.
      const writer = startWriter([String(next), random.pick(["10", "6000"])]);
      const wanted = 1 + random.below(400);
      while (writer.lines().length < wanted) await Bun.sleep(1);
      // Imports begin 200 ms after the first append, so kills fall before, into and behind one.
      await Bun.sleep(random.below(450));
      writer.child.kill("SIGKILL");
      await writer.exited;
      for (const line of writer.lines()) if (ID.test(line)) printed.add(line);
      next = Number([...printed].at(-1)) + 1_000;
    }
    const events: GatewayEvent[] = [];
    const counted = await importAll(events);
    const stored = storedIds();
    expectExactlyOnce(printed, stored);
    expect(counted).toBe(stored.length);
    expect(readdirSync(join(dataDir, "journal")).filter((name) => /damaged/.test(name))).toEqual(
      [],
    );
  }, 60_000);

  test("counts once what was imported when the process died before its segment was deleted", async () => {
    const writer = startWriter(["1"]);
    while (writer.lines().length < 300) await Bun.sleep(1);
    writer.child.kill("SIGKILL");
    await writer.exited;
    const printed = new Set(writer.lines().filter((line) => ID.test(line)));
    const journal = join(dataDir, "journal");
    cpSync(journal, join(dataDir, "journal-before"), { recursive: true });
    await importAll();
    const before = storedIds();
    cpSync(join(dataDir, "journal-before"), journal, { recursive: true });
    const database = openSqlite(join(dataDir, "sluice.db"), {
      isReadOnly: false,
      busyTimeoutMs: 5000,
    });
    database.execute("delete from journal_checkpoints");
    database.close();
    expect(await importAll()).toBe(before.length);
    expectExactlyOnce(printed, storedIds());
  }, 30_000);

  test("refuses on a full disk, keeps what it took and nothing of what it refused", async () => {
    // 120 blocks of 512 bytes a file: the limit cuts a write in two, as a full disk does.
    const prefix = "trap '' XFSZ; ulimit -f 120; ";
    const writer = startWriter(["1", "700"], prefix);
    await writer.exited;
    const printed = new Set(writer.lines().filter((line) => ID.test(line)));
    expect(writer.lines().some((line) => line.startsWith("refused"))).toBe(true);
    const events: GatewayEvent[] = [];
    await importAll(events);
    expect(new Set(storedIds())).toEqual(printed);
    expect(events.filter(({ type }) => type === "fault-caught")).toEqual([]);
  }, 30_000);

  test("belongs to one process: a second one is told who has it, a killed one leaves it free", async () => {
    const writer = startWriter(["1"]);
    while (writer.lines().length < 2) await Bun.sleep(1);
    const refused = await openStores().catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "StoreOpenError", fault: "locked" });
    expect(String(refused)).toInclude(String(writer.child.pid));
    writer.child.kill("SIGKILL");
    await writer.exited;
    expect(await importAll()).toBeGreaterThan(0);
  }, 30_000);
});
