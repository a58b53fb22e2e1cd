// A record as one line of text and back: the values of its row, a tab, and its details. The journal
// keeps the line; the database keeps the values as columns and the details as they are. It is
// written on the hot path and imported once a call, but its details are read only when asked for.

import type { ExchangeRecord } from "#core/record.ts";
import { recordOf, writeDetails } from "./detail-part.ts";
import { LineWriter } from "./line-writer.ts";
import { ROW_COLUMNS, rowFactsOf, writeRow } from "./row-part.ts";

/**
 * Goes up, together with the schema, when a reader of today could not read the line; members may be
 * added without that.
 */
const FORMAT = 1;

/** Never in JSON as it is written here, where control characters are escaped. */
const SEPARATOR = "\t";

/** The text is no record that this version can read. */
export class RecordFormatError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "RecordFormatError";
  }
}

/** The two parts of a line. */
export interface RecordParts {
  /** In the order of `ROW_COLUMNS`, all of them. What each is has not been looked at. */
  readonly values: unknown[];
  readonly details: string;
}

/** Writes a record into a line that has begun. Durations are kept to the microsecond. */
export function writeRecord(line: LineWriter, record: ExchangeRecord): void {
  line.open();
  line.number(FORMAT);
  writeRow(line, record);
  line.close();
  line.tab();
  writeDetails(line, record);
}

/** The line of a record as text, which has no line breaks. */
export function encodeRecord(record: ExchangeRecord): string {
  const line = new LineWriter();
  writeRecord(line, record);
  return line.text();
}

/**
 * Reads what `encodeRecord` wrote.
 * @throws RecordFormatError when the text is something else
 */
export function decodeRecord(text: string): ExchangeRecord {
  return joinRecord(splitRecord(text));
}

/**
 * Takes a line apart without reading its details.
 * @throws RecordFormatError when the text is something else
 */
export function splitRecord(text: string): RecordParts {
  const separator = text.indexOf(SEPARATOR);
  const values = parsedList(separator < 0 ? text : text.slice(0, separator));
  const format = values.shift();
  if (format !== FORMAT) {
    throw new RecordFormatError(`the line has format ${String(format)}, not ${FORMAT}`);
  }
  if (separator < 0) throw new RecordFormatError("the line lacks its details");
  // Counters of zero at the end are left out.
  while (values.length < ROW_COLUMNS.length) values.push(0);
  return { values, details: text.slice(separator + 1) };
}

/**
 * Puts a record together from its row and its details.
 * @throws RecordFormatError when a part of the record is missing
 */
export function joinRecord({ values, details }: RecordParts): ExchangeRecord {
  try {
    return recordOf(rowFactsOf(values), details);
  } catch (error) {
    throw new RecordFormatError("the line lacks a part of a record", error);
  }
}

function parsedList(text: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new RecordFormatError("the line is no JSON", error);
  }
  if (!Array.isArray(parsed)) throw new RecordFormatError("the line is no record");
  return parsed;
}
