// Lines of the log against the plain way of making them: a list of fields through the JSON writer.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { GatewayEvent } from "#core/events.ts";
import { formatUsd } from "#core/money.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { usage } from "#core/usage.ts";
import { beginLine } from "./log-line.ts";
import { logText } from "./log-text.ts";
import { logTimes } from "./log-time.ts";
import { createLogger } from "./logger.ts";

const TIME = "2025-11-24T16:00:00.123Z";
const NOW = Date.parse(TIME);

function written(format: "json" | "pretty", event: GatewayEvent): string {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  createLogger({ format, level: "info", clock: { now: () => NOW }, write }).sink(event);
  return lines.join("");
}

/** The fields as the reference documents them, each made safe on its own. */
function plainLine(record: ExchangeRecord, client: string): string {
  const { caller, facts, usage: used, cost, firstTokenMs } = record;
  const tenth = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
  const fields = {
    time: TIME,
    level: record.status >= 500 || record.outcome === "truncated" ? "warn" : "info",
    message: `${record.outcome} ${record.status}`,
    request: `req_${record.id}`,
    decision: record.decision === undefined ? undefined : `dec_${record.id}`,
    client,
    tenant: caller.tenant,
    project: caller.project,
    key: caller.keyId,
    user: caller.user,
    dialect: facts?.dialect,
    operation: facts?.operation,
    model: facts?.model,
    stream: facts?.stream,
    target: record.target,
    status: record.status,
    outcome: record.outcome,
    code: record.code,
    attempts: record.attempts.length,
    duration_ms: tenth(record.durationMs),
    upstream_ms: tenth(record.upstreamMs),
    first_token_ms: firstTokenMs === undefined ? undefined : tenth(firstTokenMs),
    input_tokens: used.inputTokens,
    cache_read_tokens: used.cacheReadTokens,
    cache_write_5m_tokens: used.cacheWrite5mTokens,
    cache_write_1h_tokens: used.cacheWrite1hTokens,
    output_tokens: used.outputTokens,
    cost_usd: cost === undefined ? undefined : formatUsd(cost),
    notices: record.notices.length === 0 ? undefined : record.notices.slice(0, 50).map(logText),
    snapshot: record.snapshot,
    client_request_id: record.clientRequestId,
  };
  const safe = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === "string" ? logText(value) : value,
  ]);
  return `${JSON.stringify(Object.fromEntries(safe))}\n`;
}

const text = fc.oneof(
  fc.constantFrom(
    "",
    "acme",
    "house/small",
    'a"b\\c',
    "x\r\n\u2028\u202e\ud800",
    "sk-proj-0123456789abcdef",
  ),
  fc.string({ unit: "binary", maxLength: 400 }),
);
const count = fc.nat();
const milliseconds = fc.double({ min: 0, max: 1e7, noNaN: true });

const FACTS: NonNullable<ExchangeRecord["facts"]> = {
  operation: "generate",
  dialect: "some-dialect",
  model: "",
  stream: true,
  wantsUsage: false,
  textLength: 0,
  maxOutputTokens: 0,
  choices: 1,
  messageCount: 1,
  toolCount: 0,
  imageCount: 0,
  audioCount: 0,
  fileCount: 0,
  hasSchema: false,
  reasoning: false,
  user: "",
  metadata: {},
};

const DECISION: NonNullable<ExchangeRecord["decision"]> = {
  virtualModel: "",
  route: [],
  rejected: [],
  limits: {
    attempts: 1,
    connectTimeoutMs: 1,
    firstTokenTimeoutMs: undefined,
    idleTimeoutMs: 1,
    totalTimeoutMs: 1,
  },
  label: "public",
  expected: undefined,
  worst: undefined,
  snapshot: "",
  draw: 0,
};

const records: fc.Arbitrary<ExchangeRecord> = fc.record({
  id: fc.constant("0123456789abcdefghjkmnpqrs"),
  startedAt: count,
  durationMs: milliseconds,
  upstreamMs: milliseconds,
  firstTokenMs: fc.option(milliseconds, { nil: undefined }),
  caller: fc.record({
    tenant: text,
    project: text,
    keyId: text,
    keyName: text,
    plan: text,
    tags: fc.constant([]),
    user: text,
  }),
  outcome: fc.constantFrom("answered", "refused", "failed", "truncated", "client_cancelled"),
  status: fc.integer({ min: 200, max: 599 }),
  code: text,
  facts: fc.option(
    fc.record({ model: text, stream: fc.boolean() }).map((facts) => ({ ...FACTS, ...facts })),
    { nil: undefined },
  ),
  decision: fc.constantFrom(undefined, DECISION),
  attempts: fc.constant([]),
  target: text,
  usage: fc.record({ inputTokens: count, outputTokens: count }).map(usage),
  cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n }), { nil: undefined }),
  notices: fc.array(text, { maxLength: 60 }) as fc.Arbitrary<ExchangeRecord["notices"]>,
  snapshot: text,
  clientRequestId: text,
  session: text,
  parent: text,
});

describe("the line of an exchange", () => {
  test("is to the byte what the JSON writer makes of its fields", () => {
    fc.assert(
      fc.property(records, text, (record, clientAddress) => {
        const event = { type: "exchange-settled", record, clientAddress } as const;
        expect(written("json", event)).toBe(plainLine(record, clientAddress));
      }),
    );
  });

  test("for people is one line without control characters, whatever is in the fields", () => {
    fc.assert(
      fc.property(records, text, (record, clientAddress) => {
        const line = written("pretty", { type: "exchange-settled", record, clientAddress });
        expect(line.endsWith("\n")).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(line).toContain(` request=req_${record.id} `);
      }),
    );
  });
});

describe("a field of a line", () => {
  const head = { time: TIME, level: "info", message: "here" } as const;

  test("is written the same however often its text came before, and after many others", () => {
    const hostile = 'x"\n\u001b[31m sk-proj-0123456789abcdef';
    const write = (value: string) => {
      const line = beginLine("json", head);
      line.text("field", value);
      return line.end();
    };
    const first = write(hostile);
    expect(JSON.parse(first).field).toBe(logText(hostile));
    for (let number = 0; number < 5_000; number += 1) {
      expect(JSON.parse(write(`value "${number}"`)).field).toBe(`value "${number}"`);
    }
    expect(write(hostile)).toBe(first);
  });

  test("that is no finite number does not break the JSON", () => {
    const line = beginLine("json", head);
    line.value("none", Number.NaN);
    line.value("beyond", Number.POSITIVE_INFINITY);
    line.value("flag", false);
    expect(JSON.parse(line.end())).toMatchObject({ none: null, beyond: null, flag: false });
  });

  test("for people is left out when it is empty and quoted when it has to be", () => {
    const line = beginLine("pretty", head);
    line.text("nothing", "");
    line.text("plain", "a/b:c");
    line.text("spaced", 'say "no"');
    line.texts("list", ["one", "two"]);
    expect(line.end()).toBe(
      '16:00:00.123 INFO  here  plain=a/b:c spaced="say \\"no\\"" list="one,two"\n',
    );
  });
});

describe("the time of a line", () => {
  test("is what a date says, in whatever order the times come", () => {
    const timeOf = logTimes();
    const moment = fc.oneof(
      fc.integer({ min: 0, max: 4e12 }),
      fc.integer({ min: NOW, max: NOW + 3_000 }),
    );
    fc.assert(
      fc.property(moment, (nowMs) => {
        expect(timeOf(nowMs)).toBe(new Date(nowMs).toISOString());
      }),
    );
  });
});
