// The thread with a connection that only reads, so that a report over a million rows holds up
// neither the event loop nor the imports.

import { Kysely } from "kysely";
import { sqliteDialect } from "#platform/sqlite-dialect.ts";
import { answerRequests } from "#platform/worker-thread.ts";
import { findDecision, queryDecisions } from "./decision-query.ts";
import { openForReading } from "./open-database.ts";
import { dispatch, type ReaderCalls } from "./protocol.ts";
import type { Tables } from "./tables.ts";
import { queryUsage } from "./usage-query.ts";

let opened: Kysely<Tables> | undefined;

function reader(): Kysely<Tables> {
  if (opened === undefined) throw new Error("The reader was asked before it was opened.");
  return opened;
}

answerRequests(
  dispatch<ReaderCalls>({
    open: (paths) => {
      opened = new Kysely<Tables>({ dialect: sqliteDialect(openForReading(paths.databasePath)) });
      return undefined;
    },
    usage: (query) => queryUsage(reader(), query),
    decisions: (query) => queryDecisions(reader(), query),
    decision: ({ id, tenants }) => findDecision(reader(), id, tenants),
  }),
);
