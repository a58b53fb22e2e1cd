// What the main thread may ask of the two store workers, with the types of each question and answer.

import type { JsonObject } from "#core/json.ts";
import type { DocumentVersion } from "#core/ports/document-store.ts";
import type { StoredKey } from "#core/ports/key-store.ts";
import type { DecisionQuery, Page, TenantScope, UsageQuery } from "#core/ports/record-store.ts";
import type { OpenFault } from "../store-fault.ts";
import type { ImportReport } from "./importer.ts";
import type { RetentionCuts } from "./retention.ts";

/** Input and output of one call. */
interface Call<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

/** Where the worker finds its files. */
export interface StorePaths {
  readonly databasePath: string;
  readonly journalFolder: string;
}

/** Why the database could not be opened; errors of a class do not cross threads as such. */
export interface OpenRefusal {
  readonly fault: OpenFault;
  readonly message: string;
}

/** The first call to every worker. */
export interface OpenCall {
  open: Call<StorePaths, OpenRefusal | undefined>;
}

/** Calls to the worker with the one connection that writes. None of them takes long. */
export interface WriterCalls extends OpenCall {
  import: Call<undefined, ImportReport>;
  sweep: Call<RetentionCuts, boolean>;
  listKeys: Call<undefined, readonly StoredKey[]>;
  putKey: Call<StoredKey, void>;
  latestDocument: Call<undefined, DocumentVersion | undefined>;
  latestDocumentFromFile: Call<undefined, DocumentVersion | undefined>;
  documentVersions: Call<number, readonly DocumentVersion[]>;
  document: Call<number, DocumentVersion | undefined>;
  appendDocument: Call<Omit<DocumentVersion, "version">, DocumentVersion>;
  close: Call<undefined, void>;
}

/** Calls to the worker that only reads: reports, which may take long. */
export interface ReaderCalls extends OpenCall {
  usage: Call<UsageQuery, Page>;
  decisions: Call<DecisionQuery, Page>;
  decision: Call<{ readonly id: string; readonly tenants: TenantScope }, JsonObject | undefined>;
}

/** A table of calls, as `WriterCalls` and `ReaderCalls` are. */
export type Calls<Table> = { readonly [Name in keyof Table]: Call<never, unknown> };

/** The question in a call. */
export type InputOf<Table, Name extends keyof Table> =
  Table[Name] extends Call<infer Input, unknown> ? Input : never;

/** The answer to a call. */
export type OutputOf<Table, Name extends keyof Table> =
  Table[Name] extends Call<unknown, infer Output> ? Output : never;

/** What answers the calls of a table, one function each. */
export type Handlers<Table> = {
  readonly [Name in keyof Table]: (
    input: InputOf<Table, Name>,
  ) => OutputOf<Table, Name> | Promise<OutputOf<Table, Name>>;
};

/** One request as it crosses the thread border. */
export interface CallMessage {
  readonly name: string;
  readonly input: unknown;
}

/** Turns a table of handlers into the one handler that a worker thread has. */
export function dispatch<Table>(handlers: Handlers<Table>): (body: unknown) => unknown {
  const byName = new Map<string, (input: never) => unknown>(Object.entries(handlers));
  return (body) => {
    const { name, input } = body as CallMessage;
    const handler = byName.get(name);
    if (handler === undefined) throw new TypeError(`the worker has no call ${name}`);
    return handler(input as never);
  };
}
