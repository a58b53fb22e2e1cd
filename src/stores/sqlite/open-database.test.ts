// The database file: made, brought up to date, refused when it is from the future, swept of old rows.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SAMPLE_START_MS, sampleRecord } from "#core/ports/record-sample.contract.ts";
import { encodeRecord } from "../journal/record-line.ts";
import { ExchangeRows, rowsOf } from "./exchange-rows.ts";
import { lockFolder } from "./folder-lock.ts";
import { openForReading, openForWriting } from "./open-database.ts";
import { RetentionSweeper } from "./retention.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-database-"));
  path = join(folder, "deeper", "sluice.db");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the database file", () => {
  test("is made with its folder, readable by its owner alone, and opened again", () => {
    openForWriting(path).close();
    expect(statSync(path).mode & 0o077).toBe(0);
    const again = openForWriting(path);
    expect(again.prepare("select count(*) as rows from exchanges").all([])).toEqual([{ rows: 0 }]);
    again.close();
  });

  test("of a later version is refused and left alone", () => {
    const database = openForWriting(path);
    database.execute("pragma user_version = 99");
    database.close();
    expect(() => openForWriting(path)).toThrow("has schema 99");
  });

  test("that is no database is refused with its path", () => {
    openForWriting(path).close();
    expect(readdirSync(dirname(path))).toEqual(["sluice.db"]);
    writeFileSync(path, "just a text, and a long one at that ".repeat(100));
    expect(() => openForWriting(path)).toThrow(path);
  });

  test("opened for reading takes no writes", () => {
    const writer = openForWriting(path);
    const reader = openForReading(path);
    expect(() => reader.execute("delete from exchanges")).toThrow("readonly");
    reader.close();
    writer.close();
  });
});

describe("a folder lock", () => {
  test("is held by one and free again after its release", () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`in use by process ${process.pid} on`);
    lock.release();
    lockFolder(folder).release();
  });

  test("that cannot be made says why", () => {
    expect(() => lockFolder("/dev/null/data")).toThrow("/dev/null/data cannot be used");
  });
});

describe("a retention sweep", () => {
  test("deletes old decisions and older exchanges with all their rows, in batches", () => {
    const database = openForWriting(path);
    const rows = new ExchangeRows(database);
    database.transaction(() => {
      for (let number = 1; number <= 1_200; number += 1) {
        rows.write(rowsOf(encodeRecord(sampleRecord(number))));
      }
    });
    const counts = () =>
      ["exchanges", "decisions"].map(
        (table) => database.prepare(`select count(*) as rows from ${table}`).all([])[0]?.["rows"],
      );
    const sweeper = new RetentionSweeper(database);
    const cuts = {
      decisionsBeforeMs: SAMPLE_START_MS + 1_101,
      usageBeforeMs: SAMPLE_START_MS + 601,
    };
    expect(sweeper.sweepBatch(cuts)).toBe(true);
    expect(counts()).toEqual([700, 700]);
    expect(sweeper.sweepBatch(cuts)).toBe(true);
    expect(sweeper.sweepBatch(cuts)).toBe(false);
    expect(counts()).toEqual([600, 100]);
    expect(sweeper.sweepBatch(cuts)).toBe(false);
    database.close();
  });
});
