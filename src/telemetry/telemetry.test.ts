// Metrics and logs: what they count and write, and what callers cannot make them do.

import { describe, expect, test } from "bun:test";
import type { AttemptRecord } from "#core/attempt.ts";
import type { GatewayEvent } from "#core/events.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { usage } from "#core/usage.ts";
import type { LogLevel } from "./log-line.ts";
import { createLogger, parseLogSetting } from "./logger.ts";
import { METRICS } from "./metric-table.ts";
import { createMetrics } from "./metrics.ts";

function attempt(changes: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    target: { provider: "house", model: "small", key: "default", region: "" },
    status: 200,
    outcome: "succeeded",
    startedAt: 0,
    firstTokenMs: 20,
    durationMs: 100,
    usage: usage({}),
    cost: 0n,
    upstreamRequestId: "",
    message: "",
    ...changes,
  };
}

const FACTS: NonNullable<ExchangeRecord["facts"]> = {
  operation: "generate",
  dialect: "some-dialect",
  model: "assistant",
  stream: true,
  wantsUsage: false,
  textLength: 10,
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

function settled(changes: Partial<ExchangeRecord> = {}): GatewayEvent {
  const record: ExchangeRecord = {
    id: "0123456789abcdefghjkmnpqrs",
    startedAt: 0,
    durationMs: 100,
    upstreamMs: 99,
    firstTokenMs: 20,
    caller: { tenant: "acme", project: "", keyId: "k1", keyName: "", plan: "", tags: [], user: "" },
    outcome: "answered",
    status: 200,
    code: "",
    facts: FACTS,
    decision: undefined,
    attempts: [attempt()],
    target: "house/small",
    usage: usage({ inputTokens: 7, cacheReadTokens: 5, outputTokens: 3, reasoningTokens: 2 }),
    cost: 54_399_000n,
    notices: [],
    snapshot: "abc",
    clientRequestId: "",
    session: "",
    parent: "",
    ...changes,
  };
  return { type: "exchange-settled", record, clientAddress: "127.0.0.1" };
}

describe("metrics", () => {
  const SERVED = 'provider="house",model="small",tenant="acme"';

  test("an exchange adds to requests, durations, tokens by class and exact cost", () => {
    const metrics = createMetrics();
    metrics.sink({ type: "exchange-started", dialect: "some-dialect" });
    metrics.sink(settled());
    metrics.sink(settled());
    const text = metrics.render();
    expect(text).toContain(
      `sluice_requests_total{dialect="some-dialect",${SERVED},status="2xx"} 2\n`,
    );
    expect(text).toContain(`sluice_request_duration_seconds_bucket{${SERVED},le="0.05"} 0\n`);
    expect(text).toContain(`sluice_request_duration_seconds_bucket{${SERVED},le="0.1"} 2\n`);
    expect(text).toContain(`sluice_request_duration_seconds_bucket{${SERVED},le="+Inf"} 2\n`);
    expect(text).toContain(`sluice_first_token_seconds_count{${SERVED}} 2\n`);
    expect(text).toContain(`sluice_tokens_total{class="input",${SERVED}} 14\n`);
    expect(text).toContain(`sluice_tokens_total{class="cache_read",${SERVED}} 10\n`);
    expect(text).toContain(`sluice_tokens_total{class="reasoning",${SERVED}} 4\n`);
    expect(text).toContain(`sluice_cost_usd_total{${SERVED}} 0.108798\n`);
    expect(text).toContain("sluice_in_flight 0\n");
  });

  test("an unknown price is counted as such and not as nothing", () => {
    const metrics = createMetrics();
    metrics.sink(settled({ cost: undefined }));
    expect(metrics.render()).toContain(`sluice_unpriced_requests_total{${SERVED}} 1\n`);
  });

  test("errors count by code, also those before a caller is known", () => {
    const metrics = createMetrics();
    metrics.sink(settled({ status: 502, code: "upstream_failed", outcome: "failed" }));
    const refused = { dialect: "some-dialect", code: "invalid_key", status: 401 };
    metrics.sink({ type: "exchange-refused", ...refused, clientAddress: "" });
    const text = metrics.render();
    expect(text).toContain(
      'sluice_errors_total{code="upstream_failed",dialect="some-dialect",tenant="acme"} 1\n',
    );
    expect(text).toContain(
      'sluice_errors_total{code="invalid_key",dialect="some-dialect",tenant="none"} 1\n',
    );
  });

  test("a breaker shows one state at a time", () => {
    const metrics = createMetrics();
    for (const state of ["open", "closed"]) {
      metrics.sink({ type: "breaker-changed", target: "house/small", state });
    }
    const text = metrics.render();
    expect(text).toContain('sluice_breaker_state{target="house/small",state="open"} 0\n');
    expect(text).toContain('sluice_breaker_state{target="house/small",state="closed"} 1\n');
  });

  test("logins that fail are counted by their provider", () => {
    const metrics = createMetrics();
    const login = { provider: "house", key: "a", outcome: "misconfigured", message: "No." };
    metrics.sink({ type: "login-failed", ...login });
    expect(metrics.render()).toContain(
      'sluice_login_failures_total{provider="house",outcome="misconfigured"} 1\n',
    );
  });

  test("models that no upstream knows never become label values", () => {
    const metrics = createMetrics();
    for (let count = 0; count < 50; count += 1) {
      const target = { provider: "house", model: `made-up-${count}`, key: "", region: "" };
      const failed = attempt({ target, status: 404, outcome: "misconfigured" });
      metrics.sink({ type: "attempt-settled", attempt: failed });
      metrics.sink(settled({ attempts: [failed], status: 502, outcome: "failed" }));
    }
    expect(metrics.render()).not.toContain("made-up");
  });

  test("label values are bounded in number and escaped", () => {
    const metrics = createMetrics();
    for (let count = 0; count < 2_000; count += 1) {
      const target = { provider: "house", model: `m"\n\\${count}`, key: "", region: "" };
      metrics.sink(settled({ attempts: [attempt({ target })] }));
    }
    const lines = metrics.render().split("\n");
    const requests = lines.filter((line) => line.startsWith("sluice_requests_total{"));
    expect(requests.length).toBeLessThan(400);
    expect(requests[0]).toContain('model="m\\"\\n\\\\0"');
    expect(requests.at(-1)).toMatch(/model="other".* \d+$/);
  });

  test("the text is what the format asks for", () => {
    const metrics = createMetrics();
    metrics.sink(settled());
    const line = /^(?:# (?:HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(?:\{[^}]*\})? -?\d+(?:\.\d+)?)$/;
    const lines = metrics.render().trimEnd().split("\n");
    expect(lines.filter((text) => !line.test(text))).toEqual([]);
    for (const { name, type } of Object.values(METRICS)) {
      expect(name).toStartWith("sluice_");
      expect(lines).toContain(`# TYPE ${name} ${type}`);
    }
  });
});

function logOf(format: "json" | "pretty", event: GatewayEvent, level: LogLevel = "info"): string {
  let written = "";
  const clock = { now: () => 1_764_000_000_000 };
  const write = (line: string) => {
    written += line;
  };
  createLogger({ format, level, clock, write }).sink(event);
  return written;
}

const HOSTILE = 'x\r\n{"level":"error"}\u001b[31m\u2028\u202e\ud800';

describe("logs", () => {
  test("an exchange is one line of JSON with its outcome and no empty surprises", () => {
    const line = logOf("json", settled());
    expect(line.split("\n").length).toBe(2);
    expect(JSON.parse(line)).toMatchObject({
      level: "info",
      request: "req_0123456789abcdefghjkmnpqrs",
      tenant: "acme",
      target: "house/small",
      status: 200,
      cost_usd: "0.054399",
    });
  });

  test("what callers write stays inside its field", () => {
    const event = settled({ facts: { ...FACTS, model: HOSTILE }, clientRequestId: HOSTILE });
    for (const format of ["json", "pretty"] as const) {
      const text = logOf(format, event);
      expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
    expect(JSON.parse(logOf("json", event)).model).toStartWith("x\\u000d\\u000a");
  });

  test("text is bounded and credentials in it are hidden", () => {
    const key = "sk-proj-abcdefghijklmnopqrstuvwxyz";
    const model = `${key} ${"y".repeat(5_000)}`;
    const line = logOf("json", settled({ facts: { ...FACTS, model } }));
    expect(line.length).toBeLessThan(2_000);
    expect(line).toContain("[secret]");
    expect(line).not.toContain("abcdefghij");
  });

  test("a fault is an error with its stack and causes, and no line of it looks like the log's own", () => {
    const error = new Error("outer\n12:00:00.000 INFO  forged", { cause: new Error("inner") });
    const event: GatewayEvent = { type: "fault-caught", where: "journal", error };
    const parsed = JSON.parse(logOf("json", event));
    expect(parsed.level).toBe("error");
    expect(parsed.fault).toContain("caused by: Error: inner");
    const [, ...stack] = logOf("pretty", event).trimEnd().split("\n");
    expect(stack.every((line) => line.startsWith("    "))).toBe(true);
  });

  test("lines below the level are not written", () => {
    expect(logOf("json", settled(), "error")).toBe("");
    expect(logOf("json", settled({ status: 500 }), "warn")).not.toBe("");
    expect(logOf("json", { type: "attempt-settled", attempt: attempt() })).toBe("");
  });

  test("the setting of the environment is read strictly", () => {
    expect(parseLogSetting("json")).toEqual({ format: "json", level: "info" });
    expect(parseLogSetting("pretty:debug")).toEqual({ format: "pretty", level: "debug" });
    for (const text of ["", "xml", "json:loud", "json:info:x"]) {
      expect(parseLogSetting(text)).toBeUndefined();
    }
  });
});
