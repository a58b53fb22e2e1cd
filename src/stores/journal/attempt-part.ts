// The attempts in a record's details. A single good attempt has the usage and the cost of its exchange,
// and then they are written once.

import type { AttemptOutcome, AttemptRecord } from "#core/attempt.ts";
import type { Decision } from "#core/decision.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { SchemaLosses } from "#core/schema-loss.ts";
import type { Target } from "#core/target.ts";
import type { Usage } from "#core/usage.ts";
import { type TargetPart, targetOf, writeTarget } from "./decision-part.ts";
import type { LineWriter } from "./line-writer.ts";
import {
  type Counters,
  countersOf,
  type MoneyPart,
  millisOf,
  moneyOf,
  type RowFacts,
  writeCounters,
} from "./row-part.ts";

/** What one attempt used and cost. */
type BillPart = readonly [
  cost: MoneyPart,
  counters: readonly number[],
  source?: Usage["source"],
  tools?: Usage["serverToolRequests"],
];

/** One attempt. */
export type AttemptPart = readonly [
  /** A number = the place in the route. */
  target: number | TargetPart,
  status: number,
  outcome: AttemptOutcome,
  /** Milliseconds after the exchange began. */
  startedAfterMs: number,
  firstTokenUs: number | null,
  durationUs: number,
  /** Null = usage and cost of the exchange. */
  bill: BillPart | null,
  upstreamRequestId: string,
  message: string,
  losses?: readonly SchemaLosses[],
];

/** Writes an attempt. */
export function writeAttempt(
  line: LineWriter,
  attempt: AttemptRecord,
  record: ExchangeRecord,
): void {
  line.open();
  const place = placeOf(attempt.target, record.decision);
  if (place < 0) writeTarget(line, attempt.target);
  else line.number(place);
  line.number(attempt.status);
  line.string(attempt.outcome);
  line.number(attempt.startedAt - record.startedAt);
  line.micros(attempt.firstTokenMs);
  line.micros(attempt.durationMs);
  if (attempt.usage === record.usage && attempt.cost === record.cost) line.null();
  else writeBill(line, attempt);
  line.string(attempt.upstreamRequestId);
  line.string(attempt.message);
  if (attempt.losses !== undefined) line.json(JSON.stringify(attempt.losses));
  line.close();
}

function placeOf(target: Target, decision: Decision | undefined): number {
  if (decision === undefined) return -1;
  return decision.route.findIndex((entry) => entry.target === target);
}

function writeBill(line: LineWriter, { usage, cost }: AttemptRecord): void {
  const tools = toolsOf(usage);
  line.open();
  line.amount(cost);
  line.open();
  writeCounters(line, usage);
  line.close();
  if (tools !== undefined || usage.source !== "provider") line.string(usage.source);
  if (tools !== undefined) line.json(JSON.stringify(tools));
  line.close();
}

/** Reads an attempt. @param exchange what the rest of the line says */
export function attemptOf(
  part: AttemptPart,
  exchange: RowFacts & { readonly usage: Usage },
  route: Decision["route"],
): AttemptRecord {
  const bill = part[6];
  return {
    target: typeof part[0] === "number" ? routed(route, part[0]) : targetOf(part[0]),
    status: part[1],
    outcome: part[2],
    startedAt: exchange.startedAt + part[3],
    firstTokenMs: millisOf(part[4]),
    durationMs: part[5] / 1000,
    usage:
      bill === null
        ? exchange.usage
        : usageOf(countersOf(bill[1]), { source: bill[2], tools: bill[3] }),
    cost: bill === null ? exchange.cost : moneyOf(bill[0]),
    upstreamRequestId: part[7],
    message: part[8],
    ...(part[9] !== undefined && { losses: part[9] }),
  };
}

function routed(route: Decision["route"], place: number): Target {
  const entry = route[place];
  if (entry === undefined) throw new RangeError(`the route has no place ${place}`);
  return entry.target;
}

/** Calls of the vendor's own tools; undefined when there were none. */
export function toolsOf(used: Usage): Usage["serverToolRequests"] | undefined {
  for (const _ in used.serverToolRequests) return used.serverToolRequests;
  return undefined;
}

/** Joins counters with what is no column. */
export function usageOf(
  counters: Counters,
  rest: {
    readonly source?: Usage["source"] | undefined;
    readonly tools?: Usage["serverToolRequests"] | undefined;
  },
): Usage {
  return { ...counters, source: rest.source ?? "provider", serverToolRequests: rest.tools ?? {} };
}
