// Moves the journal into the tables: rows and the place in the journal are one transaction, so that
// each exchange counts exactly once, whatever is killed when.

import { renameSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { PreparedSql, SqliteConnection } from "#platform/sqlite.ts";
import { RecordFormatError } from "../journal/record-line.ts";
import { openSegment, type SegmentReader, type Stretch } from "../journal/segment-reader.ts";
import { listSegments, type Segment } from "../journal/segments.ts";
import { ExchangeRows, type RecordRows, rowsOf } from "./exchange-rows.ts";

/** What one pass over the journal did. */
export interface ImportReport {
  readonly imported: number;
  /** Records that were in the tables already. */
  readonly repeated: number;
  /** Last lines that a crash cut off: their calls never got an answer's end. */
  readonly torn: readonly SegmentFinding[];
  /** Lines that are not what was written. Their segments are kept as `…​.damaged`. */
  readonly damaged: readonly SegmentFinding[];
}

/** A finding in one segment: bytes of a torn line, or the number of damaged lines. */
export interface SegmentFinding {
  readonly segment: string;
  readonly count: number;
}

interface Checkpoint {
  readonly segmentId: string;
  readonly offset: number;
  readonly damagedLines: number;
}

interface Tally {
  imported: number;
  repeated: number;
  readonly torn: SegmentFinding[];
  readonly damaged: SegmentFinding[];
}

/** Imports one journal folder into one database. */
export class JournalImporter {
  readonly #database: SqliteConnection;
  readonly #folder: string;
  readonly #rows: ExchangeRows;
  readonly #readCheckpoint: PreparedSql;
  readonly #writeCheckpoint: PreparedSql;
  readonly #dropCheckpoint: PreparedSql;
  #lastPass: Promise<void> = Promise.resolve();

  constructor(database: SqliteConnection, folder: string) {
    this.#database = database;
    this.#folder = folder;
    this.#rows = new ExchangeRows(database);
    this.#readCheckpoint = database.prepare(
      "select offset, damaged_lines from journal_checkpoints where segment = ?",
    );
    this.#writeCheckpoint = database.prepare(
      "insert into journal_checkpoints (segment, offset, damaged_lines) values (?, ?, ?) " +
        "on conflict (segment) do update set offset = excluded.offset, damaged_lines = excluded.damaged_lines",
    );
    this.#dropCheckpoint = database.prepare("delete from journal_checkpoints where segment = ?");
  }

  /**
   * Imports everything that is in the journal now and deletes the segments that are done with.
   * Passes follow each other; between two stretches the thread may do other work.
   * @throws the driver's or the system's error; what was committed before it stays
   */
  run(): Promise<ImportReport> {
    const pass = this.#lastPass.then(() => this.#pass());
    this.#lastPass = pass.then(
      () => undefined,
      () => undefined,
    );
    return pass;
  }

  async #pass(): Promise<ImportReport> {
    const tally: Tally = { imported: 0, repeated: 0, torn: [], damaged: [] };
    const segments = listSegments(this.#folder);
    const newest = segments.at(-1);
    // Only the newest segment is written to; it was the newest before the others were read.
    for (const segment of segments) await this.#importSegment(segment, segment !== newest, tally);
    return tally;
  }

  async #importSegment(segment: Segment, isSealed: boolean, tally: Tally): Promise<void> {
    const reader = openSegment(segment.path);
    try {
      let checkpoint = this.#checkpointOf(reader, segment);
      // What is appended from now on is the next pass's, so that a pass always ends.
      const untilOffset = reader.size();
      while (checkpoint.offset < untilOffset) {
        const stretch = reader.read(checkpoint.offset, isSealed);
        if (stretch.endOffset === checkpoint.offset) break;
        checkpoint = this.#importStretch(stretch, checkpoint, tally);
        if (stretch.tornBytes > 0) tally.torn.push(finding(segment, stretch.tornBytes));
        await otherWork();
      }
      if (isSealed) this.#finish(segment, checkpoint, tally);
    } finally {
      reader.close();
    }
  }

  #checkpointOf(reader: SegmentReader, segment: Segment): Checkpoint {
    const segmentId = reader.id ?? `unreadable:${basename(segment.path)}`;
    const [row] = this.#readCheckpoint.all([segmentId]);
    if (row === undefined) return { segmentId, offset: reader.firstOffset, damagedLines: 0 };
    return {
      segmentId,
      offset: Number(row["offset"]),
      damagedLines: Number(row["damaged_lines"]),
    };
  }

  #importStretch(stretch: Stretch, from: Checkpoint, tally: Tally): Checkpoint {
    const { segmentId } = from;
    const offset = stretch.endOffset;
    let damaged = from.damagedLines + stretch.damaged;
    let imported = 0;
    let repeated = 0;
    this.#database.transaction(() => {
      for (const line of stretch.lines) {
        const rows = rowsIn(line);
        if (rows === undefined) damaged += 1;
        else if (this.#rows.write(rows)) imported += 1;
        else repeated += 1;
      }
      this.#writeCheckpoint.run([segmentId, offset, damaged]);
    });
    tally.imported += imported;
    tally.repeated += repeated;
    return { segmentId, offset, damagedLines: damaged };
  }

  /** The rows are committed and synced, so the segment has done its duty. */
  #finish(segment: Segment, checkpoint: Checkpoint, tally: Tally): void {
    if (checkpoint.damagedLines > 0) {
      renameSync(segment.path, `${segment.path}.damaged`);
      tally.damaged.push(finding(segment, checkpoint.damagedLines));
    } else {
      rmSync(segment.path, { force: true });
    }
    this.#dropCheckpoint.run([checkpoint.segmentId]);
  }
}

function finding(segment: Segment, count: number): SegmentFinding {
  return { segment: basename(segment.path), count };
}

function rowsIn(line: string): RecordRows | undefined {
  try {
    return rowsOf(line);
  } catch (error) {
    if (error instanceof RecordFormatError) return undefined;
    throw error;
  }
}

/** Lets the thread answer requests that came in meanwhile. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
