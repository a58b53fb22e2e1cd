// The embedded stores: a journal on this thread, SQLite on two others, behind the ports of core.

import { dirname, join, resolve } from "node:path";
import type { EventSink } from "#core/events.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { DocumentStore } from "#core/ports/document-store.ts";
import type { Journal } from "#core/ports/journal.ts";
import type { KeyStore } from "#core/ports/key-store.ts";
import type { Random } from "#core/ports/random.ts";
import type { RecordStore } from "#core/ports/record-store.ts";
import { FileJournal } from "../journal/file-journal.ts";
import { StoreOpenError } from "../store-fault.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { ImportSchedule } from "./import-schedule.ts";
import type { ReaderCalls, WriterCalls } from "./protocol.ts";
import { RetentionSchedule, type RetentionSettings } from "./retention-schedule.ts";
import { SupervisedWorker } from "./supervised-worker.ts";

const REPORT_TIMEOUT_MS = 60_000;
/** Who reads reports asks more than once; then nobody does for hours, and the thread is 15 MB. */
const READER_IDLE_MS = 60_000;

/** Where the stores live and what they are given. */
export interface SqliteStoreOptions {
  /** Holds `journal/` and the lock; made when it does not exist. */
  readonly dataDir: string;
  /** The database file. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: EventSink;
  /** Size after which a journal segment is followed by the next; 16 MB unless given. */
  readonly segmentBytes?: number;
}

/** The embedded stores. */
export interface SqliteStores {
  readonly keys: KeyStore;
  readonly records: RecordStore;
  readonly documents: DocumentStore;
  readonly journal: Journal;
  /** Takes the settings of the snapshot in force. */
  setRetention(settings: RetentionSettings): void;
  /** Imports what is in the journal, then lets go of everything. Later calls fail. */
  close(): Promise<void>;
}

/**
 * Opens the stores and takes the data folder for this process.
 * @throws StoreOpenError
 */
export async function openSqliteStores(options: SqliteStoreOptions): Promise<SqliteStores> {
  const locks = lockAll([options.dataDir, dirname(options.path)]);
  try {
    return await openLocked(options, locks);
  } catch (error) {
    releaseAll(locks);
    throw error;
  }
}

async function openLocked(
  options: SqliteStoreOptions,
  locks: readonly FolderLock[],
): Promise<SqliteStores> {
  const { clock, emit, random } = options;
  const journalFolder = join(options.dataDir, "journal");
  const common = { paths: { databasePath: options.path, journalFolder }, clock, emit };
  const writer = new SupervisedWorker<WriterCalls>({
    ...common,
    name: "writer",
    entry: new URL("./writer-worker.ts", import.meta.url),
    callTimeoutMs: undefined,
    idleMs: undefined,
  });
  // Started by a report and ended after the last: a gateway that nobody asks pays nothing for it.
  const reader = new SupervisedWorker<ReaderCalls>({
    ...common,
    name: "reader",
    entry: new URL("./reader-worker.ts", import.meta.url),
    callTimeoutMs: REPORT_TIMEOUT_MS,
    idleMs: READER_IDLE_MS,
  });
  const imports = new ImportSchedule({
    clock,
    emit,
    runImport: () => writer.call("import", undefined),
  });
  const retention = new RetentionSchedule({
    clock,
    emit,
    sweepBatch: (cuts) => writer.call("sweep", cuts),
  });
  const journal = openJournal({
    folder: journalFolder,
    random,
    onAppended: () => imports.appended(),
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  });
  try {
    await writer.open();
  } catch (error) {
    journal.close();
    writer.stop();
    throw error;
  }
  // The journal of an earlier run may hold what was not imported before it ended.
  imports.appended();
  return {
    keys: keyProxy(writer),
    records: recordProxy(reader, imports),
    documents: documentProxy(writer),
    journal,
    setRetention: (settings) => retention.set(settings),
    async close() {
      retention.stop();
      imports.stop();
      journal.close();
      try {
        await imports.drain();
        await writer.call("close", undefined);
      } finally {
        reader.stop();
        writer.stop();
        releaseAll(locks);
      }
    },
  };
}

function openJournal(options: ConstructorParameters<typeof FileJournal>[0]): FileJournal {
  try {
    return new FileJournal(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The journal folder ${options.folder} cannot be used: ${reason}`;
    throw new StoreOpenError("unusable", message, error);
  }
}

function lockAll(folders: readonly string[]): readonly FolderLock[] {
  const locks: FolderLock[] = [];
  try {
    for (const folder of new Set(folders.map((each) => resolve(each))))
      locks.push(lockFolder(folder));
    return locks;
  } catch (error) {
    releaseAll(locks);
    throw error;
  }
}

function releaseAll(locks: readonly FolderLock[]): void {
  for (const lock of locks) lock.release();
}

function keyProxy(writer: SupervisedWorker<WriterCalls>): KeyStore {
  return {
    list: () => writer.call("listKeys", undefined),
    put: (key) => writer.call("putKey", key),
  };
}

function documentProxy(writer: SupervisedWorker<WriterCalls>): DocumentStore {
  return {
    latest: () => writer.call("latestDocument", undefined),
    latestFromFile: () => writer.call("latestDocumentFromFile", undefined),
    versions: (limit) => writer.call("documentVersions", limit),
    get: (version) => writer.call("document", version),
    append: (entry) => writer.call("appendDocument", entry),
  };
}

/** Imports before each query, so that its answer holds everything that was journalled before. */
function recordProxy(reader: SupervisedWorker<ReaderCalls>, imports: ImportSchedule): RecordStore {
  return {
    async usage(query) {
      await imports.drain();
      return reader.call("usage", query);
    },
    async decisions(query) {
      await imports.drain();
      return reader.call("decisions", query);
    },
    async decision(id, tenants) {
      await imports.drain();
      return reader.call("decision", { id, tenants });
    },
  };
}
