// The decision in a record's details: route, rejected targets and limits, with the reasons.

import type { AttemptLimits, Decision, Reason } from "#core/decision.ts";
import { drawOf } from "#core/ids.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Target } from "#core/target.ts";
import { listJson, numberJson, stringJson } from "./json-text.ts";
import { type MoneyPart, moneyJson, moneyOf, type RowFacts } from "./row-part.ts";

/** A target: name of the provider, model, credential, region. */
export type TargetPart = readonly [provider: string, model: string, key: string, region: string];

/** Writes a target. */
export function targetJson({ provider, model, key, region }: Target): string {
  return `[${stringJson(provider)},${stringJson(model)},${stringJson(key)},${stringJson(region)}]`;
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
export function decisionJson(decision: Decision, record: ExchangeRecord): string {
  const { limits, virtualModel, snapshot, draw } = decision;
  return (
    `[${virtualModel === record.facts?.model ? "null" : stringJson(virtualModel)},` +
    `${listJson(decision.route, (entry) => `[${consideredJson(entry)},${numberJson(entry.score)}]`)},` +
    `${listJson(decision.rejected, (entry) => `[${consideredJson(entry)}]`)},` +
    `[${numberJson(limits.attempts)},${numberJson(limits.connectTimeoutMs)},` +
    `${numberJson(limits.firstTokenTimeoutMs)},${numberJson(limits.idleTimeoutMs)},` +
    `${numberJson(limits.totalTimeoutMs)}],${stringJson(decision.label)},` +
    `${moneyJson(decision.expected)},${moneyJson(decision.worst)},` +
    `${snapshot === record.snapshot ? "null" : stringJson(snapshot)},` +
    `${draw === drawOf(record.id) ? "null" : numberJson(draw)}]`
  );
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

function consideredJson({ target, because }: Considered): string {
  return `${targetJson(target)},${listJson(because, reasonJson)}`;
}

function reasonJson({ code, detail }: Reason): string {
  return `["${code}",${stringJson(detail)}]`;
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
