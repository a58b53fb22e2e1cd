// Records in memory, for tests: the plain fold that the database's queries are compared with.

import type { JsonObject } from "#core/json.ts";
import type { Journal } from "#core/ports/journal.ts";
import type {
  DecisionQuery,
  Page,
  RecordStore,
  TenantScope,
  UsageGroup,
  UsageQuery,
} from "#core/ports/record-store.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { type CursorValues, decodeCursor, encodeCursor } from "../cursor.ts";
import { decisionView, exchangeIdIn } from "../decision-view.ts";
import { decodeRecord, encodeRecord } from "../journal/record-line.ts";
import { hourStart, localDayOf, type OffsetAt, zoneOffsets } from "../time-zone.ts";
import { TOKEN_COUNTERS, type TokenCounter } from "../token-fields.ts";
import { groupNames, usageCursor, usageCursorValues } from "../usage-groups.ts";
import { isErroneous, type UsageSums, usageRowView } from "../usage-view.ts";

/** A journal and the records that came through it. */
export interface MemoryRecords extends Journal, RecordStore {
  /** Everything that was appended, in order, for assertions. */
  readonly all: readonly ExchangeRecord[];
}

/** Keeps records as long as the process lives. An id that was appended twice counts once. */
export function memoryRecords(): MemoryRecords {
  const records = new Map<string, ExchangeRecord>();
  const visible = (tenants: TenantScope) =>
    [...records.values()].filter(({ caller }) => tenants?.has(caller.tenant) ?? true);
  return {
    get all() {
      return [...records.values()];
    },
    append(record) {
      // Through the line, so that what a line cannot hold fails here too.
      if (!records.has(record.id)) records.set(record.id, decodeRecord(encodeRecord(record)));
    },
    // Memory has no disk that could be full.
    check: () => undefined,
    async usage(query) {
      return usagePage(visible(query.tenants).filter(isWithin(query)), query);
    },
    async decisions(query) {
      return decisionPage(visible(query.tenants).filter(isWithin(query)), query);
    },
    async decision(id, tenants) {
      const found = visible(tenants).find((record) => record.id === exchangeIdIn(id));
      return found === undefined ? undefined : decisionView(found);
    },
  };
}

function isWithin(query: { readonly fromMs: number; readonly toMs: number }) {
  return ({ startedAt }: ExchangeRecord) => startedAt >= query.fromMs && startedAt < query.toMs;
}

function decisionPage(records: readonly ExchangeRecord[], query: DecisionQuery): Page {
  const after = decodeCursor("decisions", query.cursor, ["number", "string"]);
  const place = (record: ExchangeRecord): CursorValues => [record.startedAt, record.id];
  const rows = records
    .filter(
      (record) =>
        matches(query.tenant, record.caller.tenant) &&
        matches(query.model, record.facts?.model ?? "") &&
        matches(query.target, record.target) &&
        matches(query.outcome, record.outcome) &&
        (after === undefined || compareKeys(place(record), after) < 0),
    )
    .sort((left, right) => compareKeys(place(right), place(left)));
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map(decisionView),
    next_cursor: last === undefined ? null : encodeCursor("decisions", place(last)),
  };
}

function matches(wanted: string, found: string): boolean {
  return wanted === "" || wanted === found;
}

function usagePage(records: readonly ExchangeRecord[], query: UsageQuery): Page {
  const after = usageCursorValues(query);
  const offsetAt = zoneOffsets(query.timeZone);
  const groups = new Map<string, { readonly key: CursorValues; sums: UsageSums }>();
  if (query.groupBy.length === 0) groups.set("[]", { key: [], sums: NO_SUMS });
  for (const record of records) {
    for (const key of keysOf(record, query.groupBy, offsetAt)) {
      if (after !== undefined && compareKeys(key, after) <= 0) continue;
      const name = JSON.stringify(key);
      const group = groups.get(name) ?? { key, sums: NO_SUMS };
      group.sums = added(group.sums, record);
      groups.set(name, group);
    }
  }
  const rows = [...groups.values()].sort((left, right) => compareKeys(left.key, right.key));
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map(({ key, sums }): JsonObject => {
      return usageRowView(groupNames(query.groupBy, key), sums);
    }),
    next_cursor: last === undefined ? null : usageCursor(query, last.key),
  };
}

/** One key, or one for each tag when the groups hold `tag`. */
function keysOf(
  record: ExchangeRecord,
  groups: readonly UsageGroup[],
  offsetAt: OffsetAt,
): readonly CursorValues[] {
  const tags = groups.includes("tag") && record.caller.tags.length > 0 ? record.caller.tags : [""];
  return tags.map((tag) => groups.flatMap((group) => keyValues(record, group, { tag, offsetAt })));
}

function keyValues(
  record: ExchangeRecord,
  group: UsageGroup,
  context: { readonly tag: string; readonly offsetAt: OffsetAt },
): CursorValues {
  const { caller, startedAt, target } = record;
  const offsetMs = context.offsetAt(startedAt);
  const values: Record<UsageGroup, CursorValues> = {
    tenant: [caller.tenant],
    project: [caller.project],
    key: [caller.keyName, caller.keyId],
    user: [caller.user],
    tag: [context.tag],
    model: [record.facts?.model ?? ""],
    target: [target],
    provider: [target.split("/")[0] ?? ""],
    hour: [hourStart(startedAt, offsetMs), offsetMs],
    day: [localDayOf(startedAt, offsetMs)],
  };
  return values[group];
}

const NO_SUMS: UsageSums = {
  requests: 0n,
  errors: 0n,
  unpriced: 0n,
  cost: 0n,
  tokens: Object.fromEntries(TOKEN_COUNTERS.map((name) => [name, 0n])) as UsageSums["tokens"],
};

function added(sums: UsageSums, record: ExchangeRecord): UsageSums {
  const tokens = TOKEN_COUNTERS.map((name) => {
    return [name, sums.tokens[name] + BigInt(record.usage[name])] as const;
  });
  return {
    requests: sums.requests + 1n,
    errors: sums.errors + (isErroneous(record) ? 1n : 0n),
    unpriced: sums.unpriced + (record.cost === undefined ? 1n : 0n),
    cost: sums.cost + (record.cost ?? 0n),
    tokens: Object.fromEntries(tokens) as Record<TokenCounter, bigint>,
  };
}

/** Numbers by size, texts by their UTF-8 bytes, as databases order them. */
function compareKeys(left: CursorValues, right: CursorValues): number {
  for (const [index, value] of left.entries()) {
    const order = compareValues(value, right[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(left: string | number, right: string | number): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return Buffer.compare(Buffer.from(`${left}`), Buffer.from(`${right}`));
}
