// A record as one line of JSON text and back. The same text is the journal's line and what the
// decision table keeps, so there is one format to keep readable.

import type { AttemptRecord } from "#core/attempt.ts";
import type { Decision } from "#core/decision.ts";
import type { NanoUsd } from "#core/money.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Usage } from "#core/usage.ts";

/** Goes up when a reader of today could not read the line. */
const FORMAT = 1;

/** The text is no record that this version can read. */
export class RecordFormatError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "RecordFormatError";
  }
}

/** The ten counters in the order of the Usage interface. */
type Counters = readonly [
  input: number,
  cacheRead: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  output: number,
  reasoning: number,
  inputAudio: number,
  inputImage: number,
  outputAudio: number,
  outputImage: number,
];

/** What follows the counters is left out where it says nothing: most lines are counters alone. */
type UsageLine = readonly [
  ...Counters,
  source?: Usage["source"],
  serverTools?: Readonly<Record<string, number>>,
];

type AttemptLine = Omit<AttemptRecord, "usage" | "cost"> & {
  readonly usage: UsageLine;
  readonly cost: string | undefined;
};

type DecisionLine = Omit<Decision, "expected" | "worst"> & {
  readonly expected: string | undefined;
  readonly worst: string | undefined;
};

type RecordLine = Omit<ExchangeRecord, "usage" | "cost" | "attempts" | "decision"> & {
  readonly format: number;
  readonly usage: UsageLine;
  readonly cost: string | undefined;
  readonly attempts: readonly AttemptLine[];
  readonly decision: DecisionLine | undefined;
};

/** Writes a record as JSON without line breaks. Money becomes a decimal string of nano-dollars. */
export function encodeRecord(record: ExchangeRecord): string {
  const line: RecordLine = {
    ...record,
    format: FORMAT,
    usage: usageLine(record.usage),
    cost: record.cost?.toString(),
    attempts: record.attempts.map(attemptLine),
    decision: record.decision === undefined ? undefined : decisionLine(record.decision),
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
    const { format: _, ...rest } = line;
    return {
      ...rest,
      firstTokenMs: line.firstTokenMs,
      facts: line.facts,
      usage: usageOf(line.usage),
      cost: nano(line.cost),
      attempts: line.attempts.map(attemptOf),
      decision: line.decision === undefined ? undefined : decisionOf(line.decision),
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

function usageLine(used: Usage): UsageLine {
  const counters: Counters = [
    used.inputTokens,
    used.cacheReadTokens,
    used.cacheWrite5mTokens,
    used.cacheWrite1hTokens,
    used.outputTokens,
    used.reasoningTokens,
    used.inputAudioTokens,
    used.inputImageTokens,
    used.outputAudioTokens,
    used.outputImageTokens,
  ];
  for (const _ in used.serverToolRequests) {
    return [...counters, used.source, used.serverToolRequests];
  }
  return used.source === "provider" ? counters : [...counters, used.source];
}

function usageOf(line: UsageLine): Usage {
  return {
    inputTokens: line[0],
    cacheReadTokens: line[1],
    cacheWrite5mTokens: line[2],
    cacheWrite1hTokens: line[3],
    outputTokens: line[4],
    reasoningTokens: line[5],
    inputAudioTokens: line[6],
    inputImageTokens: line[7],
    outputAudioTokens: line[8],
    outputImageTokens: line[9],
    source: line[10] ?? "provider",
    serverToolRequests: line[11] ?? {},
  };
}

function attemptLine(attempt: AttemptRecord): AttemptLine {
  return { ...attempt, usage: usageLine(attempt.usage), cost: attempt.cost?.toString() };
}

function attemptOf(line: AttemptLine): AttemptRecord {
  return {
    ...line,
    firstTokenMs: line.firstTokenMs,
    usage: usageOf(line.usage),
    cost: nano(line.cost),
  };
}

function decisionLine(decision: Decision): DecisionLine {
  return {
    ...decision,
    expected: decision.expected?.toString(),
    worst: decision.worst?.toString(),
  };
}

function decisionOf(line: DecisionLine): Decision {
  const { firstTokenTimeoutMs } = line.limits;
  return {
    ...line,
    limits: { ...line.limits, firstTokenTimeoutMs },
    expected: nano(line.expected),
    worst: nano(line.worst),
  };
}

function nano(text: string | undefined): NanoUsd | undefined {
  return text === undefined ? undefined : BigInt(text);
}
