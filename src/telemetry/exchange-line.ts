// What a log line says of an exchange: facts and outcomes, nothing that was said in it.

import { decisionIdOf, requestIdOf } from "#core/ids.ts";
import { formatUsd } from "#core/money.ts";
import type { ExchangeRecord } from "#core/record.ts";

/** Fields in the order in which they are written. */
export function exchangeFields(
  record: ExchangeRecord,
  clientAddress: string,
): Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> {
  const { caller, facts, usage } = record;
  return {
    request: requestIdOf(record.id),
    decision: record.decision === undefined ? undefined : decisionIdOf(record.id),
    client: clientAddress,
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
    first_token_ms: record.firstTokenMs === undefined ? undefined : tenth(record.firstTokenMs),
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_5m_tokens: usage.cacheWrite5mTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    output_tokens: usage.outputTokens,
    cost_usd: record.cost === undefined ? undefined : formatUsd(record.cost),
    notices: record.notices.length === 0 ? undefined : record.notices,
    snapshot: record.snapshot,
    client_request_id: record.clientRequestId,
  };
}

/** The few words before the fields. */
export function exchangeSummary({ outcome, status }: ExchangeRecord): string {
  return `${outcome} ${status}`;
}

/** Exchanges that the gateway or its upstreams failed weigh more. */
export function exchangeLevel({ outcome, status }: ExchangeRecord): "info" | "warn" {
  return status >= 500 || outcome === "truncated" ? "warn" : "info";
}

function tenth(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
