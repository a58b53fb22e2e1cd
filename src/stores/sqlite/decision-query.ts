// Decisions out of SQLite: the kept records, found by the columns of their exchanges.

import { type Kysely, sql } from "kysely";
import type { JsonObject } from "#core/json.ts";
import type { DecisionQuery, Page, TenantScope } from "#core/ports/record-store.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { decisionView, exchangeIdIn } from "../decision-view.ts";
import { joinRecord } from "../journal/record-line.ts";
import { ROW_COLUMNS } from "../journal/row-part.ts";
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
    data: shown.map(viewOf),
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
  return row === undefined ? undefined : viewOf(row);
}

/** The columns of a row and its details. */
type Row = Readonly<Record<string, unknown>> & { readonly details: string };

function viewOf(row: Row): JsonObject {
  const values = ROW_COLUMNS.map((column) => row[column]);
  return decisionView(joinRecord({ values, details: row.details }));
}

/** No driver rounds an amount that it reads as text. */
const EXACT_COST = sql<string | null>`cast(exchanges.cost_nano as text)`.as("cost_nano");
const COLUMNS = ROW_COLUMNS.filter((column) => column !== "cost_nano").map(
  (column) => `exchanges.${column}` as const,
);

/** Every query of records begins here, so that none can forget the scope. */
function recordsIn(database: Kysely<Tables>, tenants: TenantScope) {
  const records = database
    .selectFrom("exchanges")
    .innerJoin("decisions", "decisions.seq", "exchanges.seq")
    .select([...COLUMNS, EXACT_COST, "decisions.details"]);
  return tenants === undefined ? records : records.where("exchanges.tenant", "in", [...tenants]);
}
