// The decision in a record's details: route, rejected targets and limits, with the reasons.

import type { AttemptLimits, Decision, Reason } from "#core/decision.ts";
import { drawOf } from "#core/ids.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Target } from "#core/target.ts";
import type { LineWriter } from "./line-writer.ts";
import { type MoneyPart, moneyOf, type RowFacts } from "./row-part.ts";

/** A target: name of the provider, model, credential, region. */
export type TargetPart = readonly [provider: string, model: string, key: string, region: string];

/** Writes a target. */
export function writeTarget(line: LineWriter, target: Target): void {
  line.open();
  line.string(target.provider);
  line.string(target.model);
  line.string(target.key);
  line.string(target.region);
  line.close();
}

/** Reads a target. */
export function targetOf([provider, model, key, region]: TargetPart): Target {
  return { provider, model, key, region };
}

type ReasonPart = readonly [code: Reason["code"], detail: string];
type RejectedPart = readonly [target: TargetPart, because: readonly ReasonPart[]];
type RoutePart = readonly [...RejectedPart, score: number];
type LimitsPart = readonly [
  attempts: number,
  connectMs: number,
  firstTokenMs: number | null,
  idleMs: number,
  totalMs: number,
];

/** A decision. */
export type DecisionPart = readonly [
  /** Null = the model that was asked for. */
  virtualModel: string | null,
  route: readonly RoutePart[],
  rejected: readonly RejectedPart[],
  limits: LimitsPart,
  label: string,
  expected: MoneyPart,
  worst: MoneyPart,
  /** Null = the record's. */
  snapshot: string | null,
  /** Null = that of the id. */
  draw: number | null,
];

/** Writes a decision. */
export function writeDecision(line: LineWriter, decision: Decision, record: ExchangeRecord): void {
  const { virtualModel, snapshot, draw } = decision;
  line.open();
  if (virtualModel === record.facts?.model) line.null();
  else line.string(virtualModel);
  line.open();
  for (const entry of decision.route) writeConsidered(line, entry, entry.score);
  line.close();
  line.open();
  for (const entry of decision.rejected) writeConsidered(line, entry, undefined);
  line.close();
  writeLimits(line, decision.limits);
  line.string(decision.label);
  line.amount(decision.expected);
  line.amount(decision.worst);
  if (snapshot === record.snapshot) line.null();
  else line.string(snapshot);
  if (draw === drawOf(record.id)) line.null();
  else line.number(draw);
  line.close();
}

/** Reads a decision. @param snapshot the record's */
export function decisionOf(part: DecisionPart, row: RowFacts, snapshot: string): Decision {
  return {
    virtualModel: part[0] ?? row.model,
    route: part[1].map(([target, because, score]) => ({
      ...consideredOf([target, because]),
      score,
    })),
    rejected: part[2].map(consideredOf),
    limits: limitsOf(part[3]),
    label: part[4],
    expected: moneyOf(part[5]),
    worst: moneyOf(part[6]),
    snapshot: part[7] ?? snapshot,
    draw: part[8] ?? drawOf(row.id),
  };
}

type Considered = Decision["rejected"][number];

function writeConsidered(line: LineWriter, entry: Considered, score: number | undefined): void {
  line.open();
  writeTarget(line, entry.target);
  line.open();
  for (const { code, detail } of entry.because) {
    line.open();
    line.string(code);
    line.string(detail);
    line.close();
  }
  line.close();
  if (score !== undefined) line.number(score);
  line.close();
}

function writeLimits(line: LineWriter, limits: AttemptLimits): void {
  line.open();
  line.number(limits.attempts);
  line.number(limits.connectTimeoutMs);
  line.number(limits.firstTokenTimeoutMs);
  line.number(limits.idleTimeoutMs);
  line.number(limits.totalTimeoutMs);
  line.close();
}

function consideredOf([target, because]: RejectedPart): Considered {
  return {
    target: targetOf(target),
    because: because.map(([code, detail]) => ({ code, detail })),
  };
}

function limitsOf([attempts, connectMs, firstTokenMs, idleMs, totalMs]: LimitsPart): AttemptLimits {
  return {
    attempts,
    connectTimeoutMs: connectMs,
    firstTokenTimeoutMs: firstTokenMs ?? undefined,
    idleTimeoutMs: idleMs,
    totalTimeoutMs: totalMs,
  };
}
