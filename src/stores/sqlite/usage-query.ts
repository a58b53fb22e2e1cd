// Usage rows out of SQLite: one grouped query a page, exact sums, ordered by what it is grouped by.

import { type Kysely, type RawBuilder, sql } from "kysely";
import type { JsonObject } from "#core/json.ts";
import type { Page, TenantScope, UsageGroup, UsageQuery } from "#core/ports/record-store.ts";
import type { CursorValues } from "../cursor.ts";
import { type OffsetPeriod, offsetPeriods, zoneOffsets } from "../time-zone.ts";
import { TOKEN_COUNTERS, TOKEN_FIELDS, type TokenCounter } from "../token-fields.ts";
import { groupNames, keyKinds, usageCursor, usageCursorValues } from "../usage-groups.ts";
import { type UsageSums, usageRowView } from "../usage-view.ts";
import type { Tables } from "./tables.ts";

/** A part of SQL text. */
type Sql = RawBuilder<unknown>;

const NANO_PER_USD = 1_000_000_000n;

/** Answers a usage query. */
export async function queryUsage(database: Kysely<Tables>, query: UsageQuery): Promise<Page> {
  const after = usageCursorValues(query);
  const offset = offsetSql(await periodsOf(database, query));
  const keys = query.groupBy.flatMap((group) => keySql(group, offset));
  const rows = await selectRows(database, query, keys, after);
  const kinds = keyKinds(query.groupBy);
  const keyOf = (row: Row): CursorValues =>
    kinds.map((kind, index) => (kind === "number" ? Number(row[`k${index}`]) : text(row, index)));
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map((row) => viewOf(query.groupBy, keyOf(row), row)),
    next_cursor: last === undefined ? null : usageCursor(query, keyOf(last)),
  };
}

/** A row of the result: `k0`, `k1` … and sums as decimal text, which no driver rounds. */
type Row = Readonly<Record<string, unknown>>;

async function selectRows(
  database: Kysely<Tables>,
  query: UsageQuery,
  keys: readonly Sql[],
  after: CursorValues | undefined,
): Promise<readonly Row[]> {
  const from = query.groupBy.includes("tag")
    ? sql`exchanges left join json_each(exchanges.tags) as tag`
    : sql`exchanges`;
  const conditions = [
    sql`started_at >= ${query.fromMs}`,
    sql`started_at < ${query.toMs}`,
    ...tenantCondition(query.tenants),
  ];
  if (after !== undefined && after.length > 0) {
    const place = sql.join(after.map((value) => sql`${value}`));
    conditions.push(sql`(${sql.join(keys)}) > (${place})`);
  }
  const columns = keys.map((key, index) => sql`${key} as ${sql.ref(`k${index}`)}`);
  // Positions, so that the expressions are the same for SQLite and not only for us.
  const places = sql.raw(keys.map((_, index) => index + 1).join(", "));
  const grouping = keys.length > 0 ? sql`group by ${places} order by ${places}` : sql``;
  const statement = sql<Row>`select ${sql.join([...columns, ...SUMS])} from ${from}
    where ${sql.join(conditions, sql` and `)} ${grouping} limit ${query.limit + 1}`;
  return (await statement.execute(database)).rows;
}

function tenantCondition(tenants: TenantScope): readonly Sql[] {
  return tenants === undefined ? [] : [sql`tenant in (${sql.join([...tenants])})`];
}

/** What `isErroneous` says of a record. */
const IS_ERROR = sql`outcome in ('failed', 'truncated') or
  (status >= 400 and outcome <> 'client_cancelled')`;

/** Costs are summed in dollars and the rest apart, so that no number of rows overflows 64 bits. */
const SUMS: readonly Sql[] = [
  sql`count(*) as requests`,
  sql`total(${IS_ERROR}) as errors`,
  sql`count(*) - count(cost_nano) as unpriced`,
  sql`cast(sum(cost_nano / 1000000000) as text) as dollars`,
  sql`cast(sum(cost_nano % 1000000000) as text) as nanos`,
  ...TOKEN_COUNTERS.map((counter) => {
    const column = sql.ref(TOKEN_FIELDS[counter]);
    return sql`cast(sum(${column}) as text) as ${column}`;
  }),
];

function keySql(group: UsageGroup, offset: Sql): readonly Sql[] {
  switch (group) {
    case "key":
      return [sql`key_name`, sql`key_id`];
    case "provider":
      return [sql`substr(target, 1, instr(target, '/') - 1)`];
    case "tag":
      return [sql`coalesce(tag.value, '')`];
    case "hour":
      return [
        sql`((started_at + ${offset}) / 3600000) * 3600000 - ${offset}`,
        sql`cast(${offset} as integer)`,
      ];
    case "day":
      return [sql`(started_at + ${offset}) / 86400000`];
    default:
      return [sql.ref(group)];
  }
}

/** The offset of the time zone at `started_at`, as a case over its few changes in the range. */
function offsetSql(periods: readonly OffsetPeriod[]): Sql {
  const changes = periods.slice(0, -1);
  const last = sql.lit(periods.at(-1)?.offsetMs ?? 0);
  if (changes.length === 0) return last;
  const whens = changes.map(
    ({ untilMs, offsetMs }) => sql`when started_at < ${sql.lit(untilMs)} then ${sql.lit(offsetMs)}`,
  );
  return sql`(case ${sql.join(whens, sql` `)} else ${last} end)`;
}

/** The periods between the first and the last row, so that an open range costs nothing. */
async function periodsOf(
  database: Kysely<Tables>,
  query: UsageQuery,
): Promise<readonly OffsetPeriod[]> {
  const offsetAt = zoneOffsets(query.timeZone);
  const needsTime = query.groupBy.includes("hour") || query.groupBy.includes("day");
  if (!needsTime) return [];
  const first = await edge(database, "min");
  const last = await edge(database, "max");
  const firstMs = Math.max(query.fromMs, first);
  const lastMs = Math.min(query.toMs, last);
  return firstMs > lastMs ? [] : offsetPeriods(offsetAt, firstMs, lastMs);
}

/** The first or last start; on its own each is one step in the index. */
async function edge(database: Kysely<Tables>, side: "min" | "max"): Promise<number> {
  const found = await database
    .selectFrom("exchanges")
    .select(({ fn }) => fn[side]("started_at").as("at"))
    .executeTakeFirst();
  return Number(found?.at ?? 0);
}

function viewOf(groups: readonly UsageGroup[], key: CursorValues, row: Row): JsonObject {
  const tokens = TOKEN_COUNTERS.map((counter) => [counter, sum(row[TOKEN_FIELDS[counter]])]);
  const sums: UsageSums = {
    requests: sum(row["requests"]),
    errors: sum(row["errors"]),
    unpriced: sum(row["unpriced"]),
    tokens: Object.fromEntries(tokens) as Record<TokenCounter, bigint>,
    cost: sum(row["dollars"]) * NANO_PER_USD + sum(row["nanos"]),
  };
  return usageRowView(groupNames(groups, key), sums);
}

function text(row: Row, index: number): string {
  return String(row[`k${index}`]);
}

/** A sum as the database gives it; null is the sum of no rows. */
function sum(value: unknown): bigint {
  return BigInt((value ?? 0) as string | number);
}
