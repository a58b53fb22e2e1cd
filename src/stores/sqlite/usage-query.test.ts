// Usage out of SQLite equals the plain fold over the same records, whatever is asked.

import { afterAll, describe, expect, test } from "bun:test";
import { Kysely } from "kysely";
import { SAMPLE_START_MS, sampleRecord } from "#core/ports/record-sample.contract.ts";
import { USAGE_GROUPS, type UsageGroup, type UsageQuery } from "#core/ports/record-store.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { usage } from "#core/usage.ts";
import { openSqlite } from "#platform/sqlite.ts";
import { sqliteDialect } from "#platform/sqlite-dialect.ts";
import { type SeededRandom, seededRandom } from "#support/seeded-random.ts";
import { encodeRecord } from "../journal/record-line.ts";
import { memoryRecords } from "../memory/memory-records.ts";
import { ExchangeRows, rowsOf } from "./exchange-rows.ts";
import { MIGRATIONS } from "./migrations/list.ts";
import type { Tables } from "./tables.ts";
import { queryUsage } from "./usage-query.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const SEED = 20_260_401;

/** Whole hours, halves, quarters, changes at midnight and changes of half an hour. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Pacific/Chatham",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Africa/Casablanca",
];

const connection = openSqlite(":memory:", { isReadOnly: false, busyTimeoutMs: 0 });
for (const migration of MIGRATIONS) migration(connection);
const database = new Kysely<Tables>({ dialect: sqliteDialect(connection) });
const memory = memoryRecords();
const random = seededRandom(SEED);

const rows = new ExchangeRows(connection);
connection.transaction(() => {
  for (let number = 1; number <= 600; number += 1) {
    const record = randomRecord(random, number);
    memory.append(record);
    rows.write(rowsOf(encodeRecord(record)));
  }
});

afterAll(() => connection.close());

function randomRecord({ pick, below }: SeededRandom, number: number): ExchangeRecord {
  return sampleRecord(number, {
    startedAt: SAMPLE_START_MS + below(YEAR_MS),
    caller: {
      tenant: pick(["acme", "beta", "Ünion"]),
      project: pick(["", "chatbot"]),
      keyId: pick(["k1", "k2"]),
      keyName: pick(["one", "two"]),
      plan: "",
      tags: pick([[], ["web"], ["web", "batch"], ['a"b', "ü"]]),
      user: pick(["", "u1", "🙂"]),
    },
    outcome: pick(["answered", "failed", "truncated", "client_cancelled"]),
    status: pick([200, 200, 429, 502]),
    target: pick(["", "openai/gpt-5-mini", "house/a/b"]),
    usage: usage({ inputTokens: below(1e6), outputTokens: below(1e6), cacheReadTokens: below(9) }),
    cost: pick([undefined, 0n, BigInt(below(2 ** 31)), 10n ** 17n]),
  });
}

function randomQuery({ pick, below }: SeededRandom): UsageQuery {
  const groupBy = new Set<UsageGroup>();
  for (let count = below(4); count > 0; count -= 1) groupBy.add(pick(USAGE_GROUPS));
  const fromMs = SAMPLE_START_MS + below(YEAR_MS);
  return {
    fromMs: pick([0, fromMs]),
    toMs: fromMs + pick([HOUR_MS, 40 * 24 * HOUR_MS, YEAR_MS]),
    groupBy: [...groupBy],
    timeZone: pick(ZONES),
    limit: pick([1, 7, 1000]),
    cursor: "",
    tenants: pick([undefined, new Set(["acme"]), new Set(["acme", "Ünion"]), new Set<string>()]),
  };
}

describe("a usage query", () => {
  test(`equals the fold in memory, page by page (seed ${SEED})`, async () => {
    for (let round = 0; round < 150; round += 1) {
      let query = randomQuery(random);
      for (let page = 0; page < 5; page += 1) {
        const answer = await queryUsage(database, query);
        expect(answer).toEqual(await memory.usage(query));
        if (answer.next_cursor === null) break;
        query = { ...query, cursor: answer.next_cursor };
      }
    }
  });

  test("joins its pages to what one page would hold", async () => {
    const query = { ...randomQuery(random), fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
    const groupBy = ["tag", "hour"] as const;
    const whole = { ...query, groupBy, tenants: undefined, limit: 10_000 };
    const all = await queryUsage(database, whole);
    const joined: unknown[] = [];
    let cursor = "";
    do {
      const page = await queryUsage(database, { ...whole, limit: 97, cursor });
      joined.push(...page.data);
      cursor = page.next_cursor ?? "";
    } while (cursor !== "");
    expect(joined).toEqual([...all.data]);
    expect(joined.length).toBeGreaterThan(600);
  });
});
