// A record as rows: the statements of an import and the values they take.

import type { AttemptRecord } from "#core/attempt.ts";
import type { NanoUsd } from "#core/money.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Usage } from "#core/usage.ts";
import type { PreparedSql, SqliteConnection, SqliteValue } from "#platform/sqlite.ts";
import { decodeRecord, RecordFormatError } from "../journal/record-line.ts";
import { TOKEN_COUNTERS, TOKEN_FIELDS } from "../token-fields.ts";
import { isErroneous } from "../usage-view.ts";

/** No call uses more of anything. What a hostile upstream reports beyond it must not overflow sums. */
const MAX_COUNT = 10 ** 12;
const MAX_NANO: NanoUsd = 2n ** 63n - 1n;

const TOKEN_COLUMNS = [...TOKEN_COUNTERS.map((counter) => TOKEN_FIELDS[counter]), "cost_nano"];
const EXCHANGE_COLUMNS = [
  ...["id", "started_at", "duration_ms", "first_token_ms", "tenant", "project", "key_id"],
  ...["key_name", "plan", "user", "tags", "model", "target", "provider", "outcome", "status"],
  ...["code", "is_error"],
  ...TOKEN_COLUMNS,
];
const ATTEMPT_COLUMNS = [
  ...["seq", "attempt", "provider", "model", "key", "region", "status", "outcome", "started_at"],
  ...["duration_ms", "first_token_ms"],
  ...TOKEN_COLUMNS,
];

/** The rows of one record, values in the order of the columns. */
export interface RecordRows {
  readonly startedAt: number;
  readonly exchange: readonly SqliteValue[];
  /** Without `seq`, which the exchange gets when it is written. */
  readonly attempts: readonly (readonly SqliteValue[])[];
  /** The record's own text, kept as it is. */
  readonly line: string;
}

/**
 * Turns a line of the journal into rows that are sure to fit their columns, so that no single record
 * can stop an import.
 * @throws RecordFormatError when the line is no record or lacks a part of one
 */
export function rowsOf(line: string): RecordRows {
  const record = decodeRecord(line);
  try {
    const exchange = fitting(exchangeValues(record));
    const attempts = record.attempts.map((attempt, index) =>
      fitting(attemptValues(index, attempt)),
    );
    return { startedAt: time(record.startedAt), exchange, attempts, line };
  } catch (error) {
    throw new RecordFormatError("the line lacks a part of a record", error);
  }
}

/** Writes the rows of records. */
export class ExchangeRows {
  readonly #exchange: PreparedSql;
  readonly #attempt: PreparedSql;
  readonly #decision: PreparedSql;

  constructor(database: SqliteConnection) {
    this.#exchange = database.prepare(
      `${insert("exchanges", EXCHANGE_COLUMNS)} on conflict (id) do nothing`,
    );
    this.#attempt = database.prepare(insert("attempts", ATTEMPT_COLUMNS));
    this.#decision = database.prepare(insert("decisions", ["seq", "started_at", "record"]));
  }

  /**
   * Writes a record inside the caller's transaction.
   * @returns false when the exchange is there already
   */
  write(rows: RecordRows): boolean {
    const { changes, lastRowId: seq } = this.#exchange.run(rows.exchange);
    if (changes === 0) return false;
    for (const attempt of rows.attempts) this.#attempt.run([seq, ...attempt]);
    this.#decision.run([seq, rows.startedAt, rows.line]);
    return true;
  }
}

function insert(table: string, columns: readonly string[]): string {
  const places = columns.map(() => "?").join(", ");
  return `insert into ${table} (${columns.join(", ")}) values (${places})`;
}

function exchangeValues(record: ExchangeRecord): SqliteValue[] {
  const { caller, target } = record;
  return [
    record.id,
    time(record.startedAt),
    duration(record.durationMs) ?? 0,
    duration(record.firstTokenMs),
    caller.tenant,
    caller.project,
    caller.keyId,
    caller.keyName,
    caller.plan,
    caller.user,
    JSON.stringify(caller.tags),
    record.facts?.model ?? "",
    target,
    target.slice(0, Math.max(0, target.indexOf("/"))),
    record.outcome,
    count(record.status),
    record.code,
    isErroneous(record) ? 1 : 0,
    ...usageValues(record.usage, record.cost),
  ];
}

function attemptValues(index: number, attempt: AttemptRecord): SqliteValue[] {
  return [
    index,
    attempt.target.provider,
    attempt.target.model,
    attempt.target.key,
    attempt.target.region,
    count(attempt.status),
    attempt.outcome,
    time(attempt.startedAt),
    duration(attempt.durationMs) ?? 0,
    duration(attempt.firstTokenMs),
    ...usageValues(attempt.usage, attempt.cost),
  ];
}

function fitting(values: readonly SqliteValue[]): readonly SqliteValue[] {
  for (const value of values) {
    if (value === undefined || (typeof value === "object" && value !== null)) {
      throw new TypeError("a value is missing or of another type");
    }
  }
  return values;
}

function usageValues(used: Usage, cost: NanoUsd | undefined): SqliteValue[] {
  const values: SqliteValue[] = TOKEN_COUNTERS.map((counter) => count(used[counter]));
  values.push(cost === undefined ? null : cost > MAX_NANO ? MAX_NANO : cost);
  return values;
}

function count(value: number): number {
  return value > MAX_COUNT ? MAX_COUNT : value > 0 ? Math.floor(value) : 0;
}

function time(atMs: number): number {
  return Number.isFinite(atMs) ? Math.floor(atMs) : 0;
}

function duration(durationMs: number | undefined): number | null {
  return durationMs !== undefined && Number.isFinite(durationMs) ? durationMs : null;
}
