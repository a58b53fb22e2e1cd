// The journal on disk: one write(2) a record, in segments that the importer deletes once it has them.

import { mkdirSync, rmSync } from "node:fs";
import type { Journal } from "#core/ports/journal.ts";
import type { Random } from "#core/ports/random.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { type AppendFile, createAppendFile } from "#platform/append-file.ts";
import { checkSpace } from "#platform/disk-space.ts";
import { LineWriter } from "./line-writer.ts";
import { writeRecord } from "./record-line.ts";
import { listSegments, segmentHeader, segmentPath } from "./segments.ts";

const DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;
const SEGMENT_ID_BYTES = 8;

/** Where a journal lives and who hears of its growth. */
export interface FileJournalOptions {
  /** Made when it does not exist. One process alone may write here; see folder-lock. */
  readonly folder: string;
  readonly random: Random;
  /** Called after each append; must be cheap and must not throw. */
  readonly onAppended: () => void;
  /** A segment that has reached this size is followed by the next one. */
  readonly segmentBytes?: number;
}

/** Appends records to numbered segments. Each process run starts a segment of its own. */
export class FileJournal implements Journal {
  readonly #options: FileJournalOptions;
  readonly #segmentBytes: number;
  readonly #line = new LineWriter();
  #number: number;
  #file: AppendFile | undefined;

  /** @throws the system's error when the folder or the first segment cannot be made */
  constructor(options: FileJournalOptions) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#number = listSegments(options.folder).at(-1)?.number ?? 0;
    this.#file = this.#nextSegment();
  }

  append(record: ExchangeRecord): void {
    // Before the line: a new segment begins with a line of its own.
    const file = this.#writable();
    this.#line.begin();
    writeRecord(this.#line, record);
    const { bytes, length } = this.#line.finish();
    file.append(bytes, length);
    this.#options.onAppended();
  }

  check(): void {
    if (this.#file === undefined) throw new Error("The journal is closed.");
    checkSpace(this.#options.folder);
  }

  /** Ends the journal: every later append throws. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #writable(): AppendFile {
    const file = this.#file;
    if (file === undefined) throw new Error("The journal is closed.");
    if (file.size < this.#segmentBytes && !file.isTorn) return file;
    const next = this.#nextSegment();
    file.close();
    this.#file = next;
    return next;
  }

  #nextSegment(): AppendFile {
    const number = this.#number + 1;
    const path = segmentPath(this.#options.folder, number);
    const file = createAppendFile(path);
    try {
      const id = Buffer.from(this.#options.random.bytes(SEGMENT_ID_BYTES)).toString("hex");
      const { bytes, length } = this.#line.frame(segmentHeader(id));
      file.append(bytes, length);
      this.#number = number;
      return file;
    } catch (error) {
      // A full disk must not leave one empty file for each refused append.
      file.close();
      rmSync(path, { force: true });
      throw error;
    }
  }
}
