// The journal on disk: what is appended is in a segment, and what is refused is not.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleId, sampleRecord } from "#core/ports/record-sample.contract.ts";
import { seededRandom } from "#support/seeded-random.ts";
import { FileJournal } from "./file-journal.ts";
import { decodeRecord } from "./record-line.ts";
import { openSegment } from "./segment-reader.ts";
import { listSegments } from "./segments.ts";

let folder = "";

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "sluice-journal-")), "journal");
});

afterEach(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

function openJournal(segmentBytes?: number, onAppended = () => {}): FileJournal {
  const options = { folder, random: seededRandom(1), onAppended };
  return new FileJournal(segmentBytes === undefined ? options : { ...options, segmentBytes });
}

function idsIn(path: string): string[] {
  const reader = openSegment(path);
  const { lines } = reader.read(reader.firstOffset, true);
  reader.close();
  return lines.map((line) => decodeRecord(line).id);
}

describe("a file journal", () => {
  test("has each record on the disk when append returns, and says that it has grown", () => {
    let grown = 0;
    const journal = openJournal(undefined, () => {
      grown += 1;
    });
    journal.append(sampleRecord(1));
    expect(idsIn(join(folder, "000001.log"))).toEqual([sampleId(1)]);
    journal.append(sampleRecord(2));
    expect(idsIn(join(folder, "000001.log"))).toEqual([sampleId(1), sampleId(2)]);
    expect(grown).toBe(2);
  });

  test("is readable by its owner alone", () => {
    openJournal();
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(join(folder, "000001.log")).mode & 0o077).toBe(0);
  });

  test("begins the next segment when one is full, each with an id of its own", () => {
    const journal = openJournal(2_000);
    for (let number = 1; number <= 5; number += 1) journal.append(sampleRecord(number));
    const segments = listSegments(folder);
    expect(segments.length).toBeGreaterThan(1);
    expect(segments.flatMap(({ path }) => idsIn(path))).toEqual([1, 2, 3, 4, 5].map(sampleId));
    expect(new Set(segments.map(({ path }) => openSegment(path).id)).size).toBe(segments.length);
  });

  test("never appends to a segment of an earlier run", () => {
    openJournal().append(sampleRecord(1));
    openJournal().append(sampleRecord(2));
    expect(readdirSync(folder).sort()).toEqual(["000001.log", "000002.log"]);
    expect(idsIn(join(folder, "000002.log"))).toEqual([sampleId(2)]);
  });

  test("throws after it was closed", () => {
    const journal = openJournal();
    journal.close();
    expect(() => journal.append(sampleRecord(1))).toThrow("closed");
  });

  test("throws when no new segment can be made, and goes on when it can", () => {
    const journal = openJournal(1);
    journal.append(sampleRecord(1));
    rmSync(folder, { recursive: true });
    expect(() => journal.append(sampleRecord(2))).toThrow("ENOENT");
    mkdirSync(folder);
    journal.append(sampleRecord(3));
    expect(listSegments(folder).flatMap(({ path }) => idsIn(path))).toEqual([sampleId(3)]);
  });

  test("throws when its folder cannot be made", () => {
    const options = { folder: "/dev/null/journal", random: seededRandom(1), onAppended: () => {} };
    expect(() => new FileJournal(options)).toThrow();
  });
});
