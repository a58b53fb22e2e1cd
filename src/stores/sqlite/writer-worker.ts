// The thread with the one connection that writes: imports, keys, documents, retention.

import { answerRequests } from "#platform/worker-thread.ts";
import { StoreOpenError } from "../store-fault.ts";
import { documentTable } from "./document-table.ts";
import { JournalImporter } from "./importer.ts";
import { keyTable } from "./key-table.ts";
import { openForWriting } from "./open-database.ts";
import { dispatch, type OpenRefusal, type StorePaths, type WriterCalls } from "./protocol.ts";
import { RetentionSweeper } from "./retention.ts";

function openWriter(paths: StorePaths) {
  const connection = openForWriting(paths.databasePath);
  return {
    connection,
    importer: new JournalImporter(connection, paths.journalFolder),
    sweeper: new RetentionSweeper(connection),
    keys: keyTable(connection),
    documents: documentTable(connection),
  };
}

let opened: ReturnType<typeof openWriter> | undefined;

function writer(): ReturnType<typeof openWriter> {
  if (opened === undefined) throw new Error("The writer was asked before it was opened.");
  return opened;
}

function open(paths: StorePaths): OpenRefusal | undefined {
  try {
    opened = openWriter(paths);
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    return { fault: error.fault, message: error.message };
  }
}

answerRequests(
  dispatch<WriterCalls>({
    open,
    import: () => writer().importer.run(),
    sweep: (cuts) => writer().sweeper.sweepBatch(cuts),
    listKeys: () => writer().keys.list(),
    putKey: (key) => writer().keys.put(key),
    latestDocument: () => writer().documents.latest(),
    latestDocumentFromFile: () => writer().documents.latestFromFile(),
    documentVersions: (limit) => writer().documents.versions(limit),
    document: (version) => writer().documents.get(version),
    appendDocument: (entry) => writer().documents.append(entry),
    close: () => writer().connection.close(),
  }),
);
