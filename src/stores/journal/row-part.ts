// The first part of a record's line: the values of its row in the database, in the order of the
// columns, so that an import reads this part alone.

import type { NanoUsd } from "#core/money.ts";
import type { ExchangeOutcome, ExchangeRecord } from "#core/record.ts";
import type { Usage } from "#core/usage.ts";
import { TOKEN_COUNTERS, TOKEN_FIELDS, type TokenCounter } from "../token-fields.ts";
import { microsJson, numberJson, stringJson } from "./json-text.ts";

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

/** Amounts with more digits are text, since a JSON number would not be exact. */
const EXACT_DIGITS = 15;

/** Writes the values as the inside of a JSON list. Counters of zero at its end are left out. */
export function rowJson(record: ExchangeRecord): string {
  const { caller } = record;
  return (
    `${stringJson(record.id)},${numberJson(record.startedAt)},${microsJson(record.durationMs)},` +
    `${microsJson(record.firstTokenMs)},${stringJson(caller.tenant)},${stringJson(caller.project)},` +
    `${stringJson(caller.keyId)},${stringJson(caller.keyName)},${stringJson(caller.plan)},` +
    `${stringJson(caller.user)},${tagsJson(caller.tags)},${stringJson(record.facts?.model ?? "")},` +
    `${stringJson(record.target)},"${record.outcome}",${numberJson(record.status)},` +
    `${stringJson(record.code)},${moneyJson(record.cost)},${countersJson(record.usage)}`
  );
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

/** Writes counters as the inside of a JSON list. Most calls use only the first five kinds. */
export function countersJson(used: Counters): string {
  const first =
    `${numberJson(used.inputTokens)},${numberJson(used.cacheReadTokens)},` +
    `${numberJson(used.cacheWrite5mTokens)},${numberJson(used.cacheWrite1hTokens)},` +
    numberJson(used.outputTokens);
  const hasMore =
    used.reasoningTokens !== 0 ||
    used.inputAudioTokens !== 0 ||
    used.inputImageTokens !== 0 ||
    used.outputAudioTokens !== 0 ||
    used.outputImageTokens !== 0;
  if (!hasMore) return first;
  return (
    `${first},${numberJson(used.reasoningTokens)},${numberJson(used.inputAudioTokens)},` +
    `${numberJson(used.inputImageTokens)},${numberJson(used.outputAudioTokens)},` +
    numberJson(used.outputImageTokens)
  );
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

/** Nano-dollars in decimal, as a number where it is exact; null when unknown. */
export function moneyJson(nano: NanoUsd | undefined): string {
  if (nano === undefined) return "null";
  const digits = nano.toString();
  return digits.length > EXACT_DIGITS ? `"${digits}"` : digits;
}

/** Reads an amount. */
export function moneyOf(amount: MoneyPart): NanoUsd | undefined {
  return amount === null ? undefined : BigInt(amount);
}

/** Reads microseconds. */
export function millisOf(micros: number | null): number | undefined {
  return micros === null ? undefined : micros / 1000;
}

/** The column holds JSON text, which the line quotes once more. */
function tagsJson(tags: readonly string[]): string {
  return tags.length === 0 ? '"[]"' : JSON.stringify(JSON.stringify(tags));
}
