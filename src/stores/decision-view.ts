// A recorded exchange as the admin API shows a decision (contract section 8).

import type { AttemptRecord } from "#core/attempt.ts";
import type { Reason } from "#core/decision.ts";
import { decisionIdOf, requestIdOf } from "#core/ids.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { formatUsd, type NanoUsd } from "#core/money.ts";
import type { ExchangeRecord, RecordedCaller } from "#core/record.ts";
import type { SchemaLosses } from "#core/schema-loss.ts";
import { targetName } from "#core/target.ts";
import { usageView } from "./token-fields.ts";

/**
 * Renders a record. What is not known is null, never a made-up value; `code` is left out when the
 * exchange had no error.
 */
export function decisionView(record: ExchangeRecord): JsonObject {
  const { decision } = record;
  return {
    id: decisionIdOf(record.id),
    request_id: requestIdOf(record.id),
    client_request_id: textOrNull(record.clientRequestId),
    at: timeView(record.startedAt),
    duration_ms: record.durationMs,
    upstream_ms: record.upstreamMs,
    first_token_ms: record.firstTokenMs ?? null,
    caller: callerView(record.caller),
    facts: record.facts === undefined ? null : snakeCased(record.facts),
    label: decision?.label ?? null,
    rule: null,
    outcome: record.outcome,
    status: record.status,
    code: record.code === "" ? undefined : record.code,
    virtual_model: textOrNull(decision?.virtualModel ?? ""),
    target: textOrNull(record.target),
    route: (decision?.route ?? []).map(({ target, score, because }) => ({
      target: targetName(target),
      score,
      because: because.map(reasonView),
    })),
    rejected: (decision?.rejected ?? []).map(({ target, because }) => ({
      target: targetName(target),
      because: because.map(reasonView),
    })),
    attempts: record.attempts.map(attemptView),
    usage: usageView(record.usage),
    cost_usd: usdOrNull(record.cost),
    expected_usd: usdOrNull(decision?.expected),
    worst_usd: usdOrNull(decision?.worst),
    notices: [...record.notices],
    snapshot: record.snapshot,
    draw: decision?.draw ?? null,
    session: textOrNull(record.session),
    parent: textOrNull(record.parent),
  };
}

/** The exchange id inside a `dec_…` or `req_…` id; undefined when the text is neither. */
export function exchangeIdIn(id: string): string | undefined {
  return /^(?:dec|req)_([0-9a-z]{26})$/.exec(id)?.[1];
}

function callerView(caller: RecordedCaller): JsonObject {
  return {
    tenant: caller.tenant,
    project: caller.project,
    key: caller.keyName,
    key_id: caller.keyId,
    plan: caller.plan,
    tags: [...caller.tags],
    user: caller.user,
  };
}

function attemptView(attempt: AttemptRecord): JsonObject {
  return {
    target: targetName(attempt.target),
    key: attempt.target.key,
    region: textOrNull(attempt.target.region),
    status: attempt.status,
    outcome: attempt.outcome,
    started_at: timeView(attempt.startedAt),
    first_token_ms: attempt.firstTokenMs ?? null,
    duration_ms: attempt.durationMs,
    usage: usageView(attempt.usage),
    cost_usd: usdOrNull(attempt.cost),
    upstream_request_id: textOrNull(attempt.upstreamRequestId),
    message: textOrNull(attempt.message),
    // Most attempts lose nothing.
    ...(attempt.losses !== undefined && { losses: lossesView(attempt.losses) }),
  };
}

function lossesView(losses: readonly SchemaLosses[]): JsonObject[] {
  return losses.map(({ of, losses: listed, unlisted }) => ({
    of,
    losses: listed.map(({ place, keyword, effect }) => ({ place, keyword, effect })),
    unlisted,
  }));
}

function reasonView(reason: Reason): JsonObject {
  return { code: reason.code, detail: reason.detail };
}

/** Facts have flat members; only the names of our own are changed, never what a client named. */
function snakeCased(facts: object): JsonObject {
  const view: JsonObject = {};
  for (const [name, value] of Object.entries(facts)) {
    view[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value as Json;
  }
  return view;
}

function timeView(atMs: number): string {
  return new Date(atMs).toISOString();
}

function textOrNull(text: string): string | null {
  return text === "" ? null : text;
}

function usdOrNull(nano: NanoUsd | undefined): string | null {
  return nano === undefined ? null : formatUsd(nano);
}
