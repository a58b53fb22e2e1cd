// A record as rows: the statements of an import and the values they take.

import type { PreparedSql, SqliteConnection, SqliteValue } from "#platform/sqlite.ts";
import { RecordFormatError, splitRecord } from "../journal/record-line.ts";
import { ROW_COLUMNS, ROW_KINDS, type RowKind } from "../journal/row-part.ts";

/** No call uses more of anything. What a hostile upstream reports beyond it must not overflow sums. */
const MAX_COUNT = 10 ** 12;
const MAX_NANO = 2n ** 63n - 1n;

/** The rows of one record. */
export interface RecordRows {
  readonly startedAt: number;
  /** In the order of `ROW_COLUMNS`. */
  readonly exchange: readonly SqliteValue[];
  /** The record's own text, kept as it is. */
  readonly details: string;
}

/**
 * Turns a line of the journal into rows that are sure to fit their columns, so that no single record
 * can stop an import.
 * @throws RecordFormatError when the line is no record or lacks a part of its row
 */
export function rowsOf(line: string): RecordRows {
  const { values, details } = splitRecord(line);
  if (values.length !== FITS.length) throw new RecordFormatError("the row has too many values");
  // In their place: a second list for each call would be most of an import's garbage.
  for (let index = 0; index < FITS.length; index += 1) {
    values[index] = FITS[index]?.(values[index]);
  }
  const exchange = values as SqliteValue[];
  return { startedAt: Number(exchange[STARTED_AT]), exchange, details };
}

/** Writes the rows of records. */
export class ExchangeRows {
  readonly #exchange: PreparedSql;
  readonly #decision: PreparedSql;

  constructor(database: SqliteConnection) {
    this.#exchange = database.prepare(
      `${insert("exchanges", ROW_COLUMNS)} on conflict (id) do nothing`,
    );
    this.#decision = database.prepare(insert("decisions", ["seq", "started_at", "details"]));
  }

  /**
   * Writes a record inside the caller's transaction.
   * @returns false when the exchange is there already
   */
  write(rows: RecordRows): boolean {
    const { changes, lastRowId: seq } = this.#exchange.run(rows.exchange);
    if (changes === 0) return false;
    this.#decision.run([seq, rows.startedAt, rows.details]);
    return true;
  }
}

function insert(table: string, columns: readonly string[]): string {
  const places = columns.map(() => "?").join(", ");
  return `insert into ${table} (${columns.join(", ")}) values (${places})`;
}

/** Makes a value fit its column, or throws. */
const FIT: Readonly<Record<RowKind, (value: unknown) => SqliteValue>> = {
  text: (value) => {
    if (typeof value === "string") return value;
    throw new RecordFormatError("a text is missing in the row");
  },
  time: (value) => whole(value, Number.MAX_SAFE_INTEGER),
  duration: (value) => whole(value, Number.MAX_SAFE_INTEGER),
  maybe_duration: (value) => (value === null ? null : whole(value, Number.MAX_SAFE_INTEGER)),
  maybe_money: moneyOf,
  count: (value) => whole(value, MAX_COUNT),
};

const FITS = ROW_KINDS.map((kind) => FIT[kind]);
const STARTED_AT = ROW_COLUMNS.indexOf("started_at");

/** A whole number from 0 to the maximum. Null, for which JSON has no number, counts as 0. */
function whole(value: unknown, max: number): number {
  if (value === null) return 0;
  if (typeof value !== "number") throw new RecordFormatError("a number is missing in the row");
  return value > max ? max : value > 0 ? Math.floor(value) : 0;
}

function moneyOf(value: unknown): SqliteValue {
  if (value === null || Number.isSafeInteger(value)) return value as number | null;
  if (typeof value !== "string" || !/^\d{1,1000}$/.test(value)) {
    throw new RecordFormatError("the row has no amount of money");
  }
  const nano = BigInt(value);
  return nano > MAX_NANO ? MAX_NANO : nano;
}
