// What a log line says of an exchange: facts and outcomes, nothing that was said in it.

import { decisionIdOf, requestIdOf } from "#core/ids.ts";
import { formatUsd } from "#core/money.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { LogLine } from "./log-line.ts";

/** Writes the fields of an exchange in their order. */
export function writeExchange(line: LogLine, record: ExchangeRecord, clientAddress: string): void {
  const { caller, facts, cost, notices, firstTokenMs } = record;
  line.ours("request", requestIdOf(record.id));
  line.ours("decision", record.decision === undefined ? undefined : decisionIdOf(record.id));
  line.text("client", clientAddress);
  line.text("tenant", caller.tenant);
  line.text("project", caller.project);
  line.text("key", caller.keyId);
  line.rareText("user", caller.user);
  line.text("dialect", facts?.dialect);
  line.text("operation", facts?.operation);
  line.text("model", facts?.model);
  line.value("stream", facts?.stream);
  line.text("target", record.target);
  line.value("status", record.status);
  line.text("outcome", record.outcome);
  line.text("code", record.code);
  line.value("attempts", record.attempts.length);
  line.value("duration_ms", tenth(record.durationMs));
  line.value("upstream_ms", tenth(record.upstreamMs));
  line.value("first_token_ms", firstTokenMs === undefined ? undefined : tenth(firstTokenMs));
  writeUsage(line, record);
  line.ours("cost_usd", cost === undefined ? undefined : formatUsd(cost));
  line.texts("notices", notices.length === 0 ? undefined : notices);
  line.text("snapshot", record.snapshot);
  line.rareText("client_request_id", record.clientRequestId);
}

function writeUsage(line: LogLine, { usage }: ExchangeRecord): void {
  line.value("input_tokens", usage.inputTokens);
  line.value("cache_read_tokens", usage.cacheReadTokens);
  line.value("cache_write_5m_tokens", usage.cacheWrite5mTokens);
  line.value("cache_write_1h_tokens", usage.cacheWrite1hTokens);
  line.value("output_tokens", usage.outputTokens);
}

/** The few words before the fields. */
export function exchangeSummary({ outcome, status }: ExchangeRecord): string {
  return `${outcome} ${status}`;
}

/** Exchanges that the gateway or its upstreams failed weigh more. */
export function exchangeLevel({ outcome, status }: ExchangeRecord): "info" | "warn" {
  return status >= 500 || outcome === "truncated" ? "warn" : "info";
}

/** Milliseconds to a tenth. */
export function tenth(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
