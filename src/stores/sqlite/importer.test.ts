// Each journalled exchange arrives in the tables exactly once, whatever state the files are in.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely } from "kysely";
import { sampleId, sampleRecord } from "#core/ports/record-sample.contract.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { usage } from "#core/usage.ts";
import type { SqliteConnection } from "#platform/sqlite.ts";
import { sqliteDialect } from "#platform/sqlite-dialect.ts";
import { type SeededRandom, seededRandom } from "#support/seeded-random.ts";
import { FileJournal } from "../journal/file-journal.ts";
import { LineWriter } from "../journal/line-writer.ts";
import { encodeRecord } from "../journal/record-line.ts";
import { findDecision } from "./decision-query.ts";
import { JournalImporter } from "./importer.ts";
import { openForReading, openForWriting } from "./open-database.ts";
import type { Tables } from "./tables.ts";

let root = "";
let folder = "";
let random: SeededRandom;
let database: SqliteConnection;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-import-"));
  folder = join(root, "journal");
  random = seededRandom(7);
  database = openForWriting(join(root, "sluice.db"));
});

afterEach(() => {
  database.close();
  rmSync(root, { recursive: true, force: true });
});

function openJournal(segmentBytes = 1_000_000): FileJournal {
  return new FileJournal({ folder, random, onAppended: () => {}, segmentBytes });
}

function importer(): JournalImporter {
  return new JournalImporter(database, folder);
}

function idsInTables(): unknown[] {
  return database
    .prepare("select id from exchanges order by seq")
    .all([])
    .map(({ id }) => id);
}

function count(table: string): unknown {
  return database.prepare(`select count(*) as rows from ${table}`).all([])[0]?.["rows"];
}

describe("an import", () => {
  test("writes exchange and decision of each record once, all attempts in it", async () => {
    const journal = openJournal();
    const [attempt] = sampleRecord(1).attempts;
    if (attempt === undefined) throw new Error("the sample has no attempt");
    journal.append(sampleRecord(1, { attempts: [attempt, attempt] }));
    const running = importer();
    expect(await running.run()).toMatchObject({ imported: 1, repeated: 0, torn: [], damaged: [] });
    expect(await running.run()).toMatchObject({ imported: 0, repeated: 0 });
    journal.append(sampleRecord(2));
    expect(await running.run()).toMatchObject({ imported: 1 });
    expect(idsInTables()).toEqual([sampleId(1), sampleId(2)]);
    expect([count("exchanges"), count("decisions")]).toEqual([2, 2]);
    const read = openForReading(join(root, "sluice.db"));
    const reader = new Kysely<Tables>({ dialect: sqliteDialect(read) });
    const views = [1, 2].map((number) =>
      findDecision(reader, `dec_${sampleId(number)}`, undefined),
    );
    const attempts = (await Promise.all(views)).map((view) => view?.["attempts"]);
    expect(attempts.map((list) => Array.isArray(list) && list.length)).toEqual([2, 1]);
    read.close();
  });

  test("goes on where another importer ended", async () => {
    const journal = openJournal();
    journal.append(sampleRecord(1));
    await importer().run();
    journal.append(sampleRecord(2));
    expect(await importer().run()).toMatchObject({ imported: 1, repeated: 0 });
  });

  test("deletes segments that are done with and keeps the one that is written to", async () => {
    const journal = openJournal(2_000);
    for (let number = 1; number <= 6; number += 1) journal.append(sampleRecord(number));
    const last = readdirSync(folder).sort().at(-1);
    await importer().run();
    expect(readdirSync(folder)).toEqual([String(last)]);
    expect(count("journal_checkpoints")).toBe(1);
    expect(count("exchanges")).toBe(6);
  });

  test("counts an exchange once when a segment comes back after its checkpoint is gone", async () => {
    const journal = openJournal();
    journal.append(sampleRecord(1));
    copyFileSync(join(folder, "000001.log"), join(root, "copy.log"));
    openJournal();
    await importer().run();
    copyFileSync(join(root, "copy.log"), join(folder, "000001.log"));
    expect(await importer().run()).toMatchObject({ imported: 0, repeated: 1 });
    expect([count("exchanges"), count("decisions")]).toEqual([1, 1]);
  });

  test("reads a new journal whole although it has the file names of an old one", async () => {
    const journal = openJournal();
    for (const number of [1, 2, 3]) journal.append(sampleRecord(number));
    await importer().run();
    rmSync(folder, { recursive: true });
    const other = openJournal();
    other.append(sampleRecord(4));
    expect(await importer().run()).toMatchObject({ imported: 1 });
  });

  test("rolls rows and checkpoint back together", async () => {
    const journal = openJournal();
    for (const number of [1, 2]) journal.append(sampleRecord(number));
    database.execute(
      "create trigger full_disk before insert on journal_checkpoints begin select raise(abort, 'disk full'); end",
    );
    const failing = importer();
    const failure = await failing.run().catch((error: unknown) => error);
    expect(String(failure)).toInclude("disk full");
    expect(count("exchanges")).toBe(0);
    database.execute("drop trigger full_disk");
    expect(await failing.run()).toMatchObject({ imported: 2, repeated: 0 });
  });

  test("waits for the rest of a line in the segment that is written to", async () => {
    const journal = openJournal();
    journal.append(sampleRecord(1));
    const path = join(folder, "000001.log");
    const { bytes, length } = new LineWriter().frame(
      lineOf(path).replace(sampleId(1), sampleId(2)),
    );
    const line = Buffer.from(bytes.subarray(0, length));
    appendFileSync(path, line.subarray(0, 30));
    const running = importer();
    expect(await running.run()).toMatchObject({ imported: 1, torn: [], damaged: [] });
    appendFileSync(path, line.subarray(30));
    expect(await running.run()).toMatchObject({ imported: 1, torn: [], damaged: [] });
    expect(idsInTables()).toEqual([sampleId(1), sampleId(2)]);
  });

  test("skips and reports a line that a crash cut off", async () => {
    const journal = openJournal();
    journal.append(sampleRecord(1));
    journal.append(sampleRecord(2));
    const path = join(folder, "000001.log");
    writeFileSync(path, readFileSync(path).subarray(0, -10));
    openJournal().append(sampleRecord(3));
    const report = await importer().run();
    expect(report).toMatchObject({ imported: 2, damaged: [] });
    expect(report.torn).toHaveLength(1);
    expect(report.torn[0]?.segment).toBe("000001.log");
    expect(idsInTables()).toEqual([sampleId(1), sampleId(3)]);
    expect(readdirSync(folder)).toEqual(["000002.log"]);
    expect((await importer().run()).torn).toEqual([]);
  });

  test("keeps a damaged segment for people and imports the rest of it", async () => {
    const journal = openJournal();
    for (const number of [1, 2, 3]) journal.append(sampleRecord(number));
    const path = join(folder, "000001.log");
    const bytes = readFileSync(path);
    const place = bytes.indexOf(sampleId(2));
    bytes[place] = 0x58;
    writeFileSync(path, bytes);
    openJournal();
    const report = await importer().run();
    expect(report).toMatchObject({
      imported: 2,
      torn: [],
      damaged: [{ segment: "000001.log", count: 1 }],
    });
    expect(idsInTables()).toEqual([sampleId(1), sampleId(3)]);
    expect(readdirSync(folder).sort()).toEqual(["000001.log.damaged", "000002.log"]);
    expect(await importer().run()).toMatchObject({ imported: 0, damaged: [] });
  });

  test("is not stopped by a line that is no record", async () => {
    const journal = openJournal();
    const writer = new LineWriter();
    const whole = encodeRecord(sampleRecord(9));
    const strangers = [
      ...["{}", '{"format":1,"id":"x","attempts":[]}', "not json", "", "[1]", '[1,"x"]\t[]'],
      whole.slice(0, whole.indexOf("\t")),
      whole.replace('"acme"', "7"),
      whole.replace("812500", '"812500"'),
      whole.replace("54399000", '"54399000.5"'),
      whole.replace("54399000", "0.5"),
      whole.replace("]\t", ",0,0,0,0,0]\t"),
    ];
    for (const text of strangers) {
      const { bytes, length } = writer.frame(text);
      appendFileSync(join(folder, "000001.log"), bytes.subarray(0, length));
    }
    journal.append(sampleRecord(1));
    expect(await importer().run()).toMatchObject({ imported: 1 });
    openJournal();
    expect((await importer().run()).damaged).toEqual([
      { segment: "000001.log", count: strangers.length },
    ]);
    expect(idsInTables()).toEqual([sampleId(1)]);
  });

  test("takes numbers that JSON or SQLite has none for", async () => {
    const journal = openJournal();
    const numbers = [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1, 0.5];
    for (const [index, value] of numbers.entries()) {
      const parts = { startedAt: value, durationMs: value, firstTokenMs: value, status: value };
      const used = usage({ inputTokens: value, outputImageTokens: value });
      journal.append(sampleRecord(index, { ...parts, usage: used }));
    }
    journal.append(sampleRecord(numbers.length, { cost: 10n ** 300n }));
    expect(await importer().run()).toMatchObject({ imported: numbers.length + 1, damaged: [] });
  });

  test("takes a segment whose first line is torn or missing", async () => {
    openJournal();
    writeFileSync(join(folder, "000001.log"), "000000");
    writeFileSync(join(folder, "000002.log"), "");
    writeFileSync(join(folder, "000003.log"), "");
    expect(await importer().run()).toMatchObject({
      imported: 0,
      torn: [{ segment: "000001.log", count: 6 }],
    });
    expect(readdirSync(folder)).toEqual(["000003.log"]);
  });

  test("takes lines longer than it reads at once", async () => {
    const journal = openJournal();
    const { caller } = sampleRecord(1);
    journal.append(sampleRecord(1));
    journal.append(sampleRecord(2, { caller: { ...caller, user: "u".repeat(3_000_000) } }));
    journal.append(sampleRecord(3));
    expect(await importer().run()).toMatchObject({ imported: 3 });
  });

  test("saturates what a hostile upstream counts, so that sums stay possible", async () => {
    const journal = openJournal();
    const absurd: Partial<ExchangeRecord> = {
      usage: usage({ inputTokens: 1e300, outputTokens: Number.MAX_SAFE_INTEGER }),
      cost: 2n ** 90n,
    };
    for (const number of [1, 2, 3]) journal.append(sampleRecord(number, absurd));
    expect(await importer().run()).toMatchObject({ imported: 3 });
    const [sums] = database
      .prepare(
        "select sum(input_tokens) as input, sum(cost_nano / 1000000000) as usd from exchanges",
      )
      .all([]);
    expect(sums).toEqual({ input: 3e12, usd: 27_670_116_108 });
  });
});

function lineOf(path: string): string {
  const text = readFileSync(path, "utf8").trimEnd().split("\n").at(-1) ?? "";
  return text.slice(18);
}
