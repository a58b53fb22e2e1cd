// The first part of a record's line: the values of its row in the database, in the order of the
// columns, so that an import reads this part alone.

import type { NanoUsd } from "#core/money.ts";
import type { ExchangeOutcome, ExchangeRecord } from "#core/record.ts";
import type { Usage } from "#core/usage.ts";
import { TOKEN_COUNTERS, TOKEN_FIELDS, type TokenCounter } from "../token-fields.ts";
import type { LineWriter } from "./line-writer.ts";

/** What a column holds. Durations are in microseconds, money in nano-dollars. */
export type RowKind = "text" | "time" | "duration" | "maybe_duration" | "maybe_money" | "count";

const COUNTERS = TOKEN_COUNTERS.map((counter) => [TOKEN_FIELDS[counter], "count"] as const);

/** The columns of an exchange's row in the order of the line, each with what it holds. */
const ROW = [
  ["id", "text"],
  ["started_at", "time"],
  ["duration_us", "duration"],
  ["first_token_us", "maybe_duration"],
  ["tenant", "text"],
  ["project", "text"],
  ["key_id", "text"],
  ["key_name", "text"],
  ["plan", "text"],
  ["user", "text"],
  ["tags", "text"],
  ["model", "text"],
  ["target", "text"],
  ["outcome", "text"],
  ["status", "count"],
  ["code", "text"],
  ["cost_nano", "maybe_money"],
  ...COUNTERS,
] as const satisfies readonly (readonly [string, RowKind])[];

/** The names of the columns. */
export const ROW_COLUMNS = ROW.map(([column]) => column);
/** What each column holds, in the same order. */
export const ROW_KINDS: readonly RowKind[] = ROW.map(([, kind]) => kind);

/** The values of a row as the line or the database gives them: text, numbers, null. */
export type RowValues = readonly unknown[];

/** Writes the values. Counters of zero at the end are left out. */
export function writeRow(line: LineWriter, record: ExchangeRecord): void {
  const { caller, usage } = record;
  line.string(record.id);
  line.number(record.startedAt);
  line.micros(record.durationMs);
  line.micros(record.firstTokenMs);
  line.string(caller.tenant);
  line.string(caller.project);
  line.string(caller.keyId);
  line.string(caller.keyName);
  line.string(caller.plan);
  line.string(caller.user);
  // The column holds JSON text, which the line quotes once more.
  line.string(caller.tags.length === 0 ? "[]" : JSON.stringify(caller.tags));
  line.string(record.facts?.model ?? "");
  line.string(record.target);
  line.string(record.outcome);
  line.number(record.status);
  line.string(record.code);
  line.amount(record.cost);
  writeCounters(line, usage);
}

/** What the values say of a record; the rest of it stands in the details. */
export interface RowFacts {
  readonly id: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly firstTokenMs: number | undefined;
  readonly caller: ExchangeRecord["caller"];
  readonly model: string;
  readonly target: string;
  readonly outcome: ExchangeOutcome;
  readonly status: number;
  readonly code: string;
  readonly cost: NanoUsd | undefined;
  readonly counters: Counters;
}

/** Reads the values. They come from lines that were checked, or from columns that hold them. */
export function rowFactsOf(values: RowValues): RowFacts {
  const [id, startedAt, durationUs, firstTokenUs, ...others] = values;
  const [tenant, project, keyId, keyName, plan, user, tags, ...served] = others;
  const [model, target, outcome, status, code, cost, ...counters] = served;
  return {
    id: id as string,
    startedAt: startedAt as number,
    durationMs: (durationUs as number) / 1000,
    firstTokenMs: millisOf(firstTokenUs as number | null),
    caller: {
      tenant: tenant as string,
      project: project as string,
      keyId: keyId as string,
      keyName: keyName as string,
      plan: plan as string,
      tags: JSON.parse(tags as string),
      user: user as string,
    },
    model: model as string,
    target: target as string,
    outcome: outcome as ExchangeOutcome,
    status: status as number,
    code: code as string,
    cost: moneyOf(cost as MoneyPart),
    counters: countersOf(counters as number[]),
  };
}

/** The counters of a usage, which are columns; source and tools of the vendor are not. */
export type Counters = Pick<Usage, TokenCounter>;

/** Writes counters. Most calls use only the first five kinds; zeros after them are left out. */
export function writeCounters(line: LineWriter, used: Counters): void {
  line.number(used.inputTokens);
  line.number(used.cacheReadTokens);
  line.number(used.cacheWrite5mTokens);
  line.number(used.cacheWrite1hTokens);
  line.number(used.outputTokens);
  const hasMore =
    used.reasoningTokens !== 0 ||
    used.inputAudioTokens !== 0 ||
    used.inputImageTokens !== 0 ||
    used.outputAudioTokens !== 0 ||
    used.outputImageTokens !== 0;
  if (!hasMore) return;
  line.number(used.reasoningTokens);
  line.number(used.inputAudioTokens);
  line.number(used.inputImageTokens);
  line.number(used.outputAudioTokens);
  line.number(used.outputImageTokens);
}

/** Reads counters. */
export function countersOf(values: readonly number[]): Counters {
  return {
    inputTokens: values[0] ?? 0,
    cacheReadTokens: values[1] ?? 0,
    cacheWrite5mTokens: values[2] ?? 0,
    cacheWrite1hTokens: values[3] ?? 0,
    outputTokens: values[4] ?? 0,
    reasoningTokens: values[5] ?? 0,
    inputAudioTokens: values[6] ?? 0,
    inputImageTokens: values[7] ?? 0,
    outputAudioTokens: values[8] ?? 0,
    outputImageTokens: values[9] ?? 0,
  };
}

/** An amount in a line; null when unknown. */
export type MoneyPart = string | number | null;

/** Reads an amount. */
export function moneyOf(amount: MoneyPart): NanoUsd | undefined {
  return amount === null ? undefined : BigInt(amount);
}

/** Reads microseconds. */
export function millisOf(micros: number | null): number | undefined {
  return micros === null ? undefined : micros / 1000;
}
