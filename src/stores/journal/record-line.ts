// A record as one line of JSON text and back. The same text is the journal's line and what the
// decision table keeps. It is written on the hot path and read once a call, so parts are tuples
// without names (see line-parts) and what is empty is left out.

import type { NanoUsd } from "#core/money.ts";
import type { Notice } from "#core/notices.ts";
import type { ExchangeOutcome, ExchangeRecord } from "#core/record.ts";
import {
  type AttemptLine,
  attemptLine,
  attemptOf,
  type CallerLine,
  callerLine,
  callerOf,
  type DecisionLine,
  decisionLine,
  decisionOf,
  type FactsLine,
  factsLine,
  factsOf,
  type UsageLine,
  usageLine,
  usageOf,
} from "./line-parts.ts";

/**
 * Goes up, together with the schema, when a reader of today could not read the line; members may be
 * added without that.
 */
const FORMAT = 1;

/** The text is no record that this version can read. */
export class RecordFormatError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "RecordFormatError";
  }
}

/** Members that are undefined, and so not in the text, are empty or unknown in the record. */
interface RecordLine {
  readonly format: number;
  readonly id: string;
  readonly at: number;
  readonly ms: number;
  readonly upstreamMs: number;
  readonly firstMs: number | undefined;
  readonly caller: CallerLine;
  readonly outcome: ExchangeOutcome;
  readonly status: number;
  readonly code: string | undefined;
  readonly facts: FactsLine | undefined;
  readonly decision: DecisionLine | undefined;
  readonly attempts: readonly AttemptLine[];
  readonly target: string | undefined;
  readonly usage: UsageLine;
  readonly cost: string | undefined;
  readonly notices: readonly Notice[] | undefined;
  readonly snapshot: string;
  readonly clientId: string | undefined;
  readonly session: string | undefined;
  readonly parent: string | undefined;
}

/** Writes a record as JSON without line breaks. Money becomes a decimal string of nano-dollars. */
export function encodeRecord(record: ExchangeRecord): string {
  const line: RecordLine = {
    format: FORMAT,
    id: record.id,
    at: record.startedAt,
    ms: record.durationMs,
    upstreamMs: record.upstreamMs,
    firstMs: record.firstTokenMs,
    caller: callerLine(record.caller),
    outcome: record.outcome,
    status: record.status,
    code: record.code || undefined,
    facts: record.facts === undefined ? undefined : factsLine(record.facts),
    decision: record.decision === undefined ? undefined : decisionLine(record.decision),
    attempts: record.attempts.map(attemptLine),
    target: record.target || undefined,
    usage: usageLine(record.usage),
    cost: record.cost?.toString(),
    notices: record.notices.length === 0 ? undefined : record.notices,
    snapshot: record.snapshot,
    clientId: record.clientRequestId || undefined,
    session: record.session || undefined,
    parent: record.parent || undefined,
  };
  return JSON.stringify(line);
}

/**
 * Reads what `encodeRecord` wrote.
 * @throws RecordFormatError when the text is something else
 */
export function decodeRecord(text: string): ExchangeRecord {
  const line = parsedLine(text);
  try {
    return {
      id: line.id,
      startedAt: line.at,
      durationMs: line.ms,
      upstreamMs: line.upstreamMs,
      firstTokenMs: line.firstMs,
      caller: callerOf(line.caller),
      outcome: line.outcome,
      status: line.status,
      code: line.code ?? "",
      facts: line.facts === undefined ? undefined : factsOf(line.facts),
      decision: line.decision === undefined ? undefined : decisionOf(line.decision),
      attempts: line.attempts.map(attemptOf),
      target: line.target ?? "",
      usage: usageOf(line.usage),
      cost: nano(line.cost),
      notices: line.notices ?? [],
      snapshot: line.snapshot,
      clientRequestId: line.clientId ?? "",
      session: line.session ?? "",
      parent: line.parent ?? "",
    };
  } catch (error) {
    throw new RecordFormatError("the line lacks a part of a record", error);
  }
}

function parsedLine(text: string): RecordLine {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new RecordFormatError("the line is no JSON", error);
  }
  if (typeof parsed !== "object" || parsed === null || !("format" in parsed)) {
    throw new RecordFormatError("the line is no record");
  }
  if (parsed.format !== FORMAT) {
    throw new RecordFormatError(`the line has format ${String(parsed.format)}, not ${FORMAT}`);
  }
  return parsed as RecordLine;
}

function nano(text: string | undefined): NanoUsd | undefined {
  return text === undefined ? undefined : BigInt(text);
}
