// Decisions out of SQLite: the kept records, found by the columns of their exchanges.

import type { Kysely } from "kysely";
import type { JsonObject } from "#core/json.ts";
import type { DecisionQuery, Page, TenantScope } from "#core/ports/record-store.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { decisionView, exchangeIdIn } from "../decision-view.ts";
import { decodeRecord } from "../journal/record-line.ts";
import type { Tables } from "./tables.ts";

const LIST = "decisions";

/** Answers a list of decisions, newest first. */
export async function queryDecisions(
  database: Kysely<Tables>,
  query: DecisionQuery,
): Promise<Page> {
  const after = decodeCursor(LIST, query.cursor, ["number", "string"]);
  let select = recordsIn(database, query.tenants)
    .where("exchanges.started_at", ">=", query.fromMs)
    .where("exchanges.started_at", "<", query.toMs)
    .orderBy("exchanges.started_at", "desc")
    .orderBy("exchanges.id", "desc")
    .limit(query.limit + 1);
  for (const column of ["tenant", "model", "target", "outcome"] as const) {
    if (query[column] !== "") select = select.where(`exchanges.${column}`, "=", query[column]);
  }
  if (after !== undefined) {
    const [startedAt = 0, id = ""] = after;
    select = select.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("exchanges.started_at", "exchanges.id"), "<", tuple(Number(startedAt), `${id}`)),
    );
  }
  const rows = await select.execute();
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map((row) => decisionView(decodeRecord(row.record))),
    next_cursor: last === undefined ? null : encodeCursor(LIST, [last.started_at, last.id]),
  };
}

/** Finds one decision by its `dec_…` or `req_…` id. */
export async function findDecision(
  database: Kysely<Tables>,
  id: string,
  tenants: TenantScope,
): Promise<JsonObject | undefined> {
  const exchangeId = exchangeIdIn(id);
  if (exchangeId === undefined) return undefined;
  const row = await recordsIn(database, tenants)
    .where("exchanges.id", "=", exchangeId)
    .executeTakeFirst();
  return row === undefined ? undefined : decisionView(decodeRecord(row.record));
}

/** Every query of records begins here, so that none can forget the scope. */
function recordsIn(database: Kysely<Tables>, tenants: TenantScope) {
  const records = database
    .selectFrom("exchanges")
    .innerJoin("decisions", "decisions.seq", "exchanges.seq")
    .select(["exchanges.id", "exchanges.started_at", "decisions.record"]);
  return tenants === undefined ? records : records.where("exchanges.tenant", "in", [...tenants]);
}
