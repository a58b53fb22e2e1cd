// Stage "settle": always, whatever happened. The record goes to the journal before the client's last
// byte goes out; who listens is told afterwards.

import type { NanoUsd } from "#core/money.ts";
import type { ExchangeOutcome, ExchangeRecord } from "#core/record.ts";
import { targetName } from "#core/target.ts";
import { addUsage, NO_USAGE, type Usage } from "#core/usage.ts";
import { clientAddressOf } from "../client-address.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { recordedFacts } from "../recorded-facts.ts";

/** How the exchange ended for the client. */
export interface ExchangeEnd {
  readonly outcome: ExchangeOutcome;
  /** Status that the client sees. */
  readonly status: number;
  /** Error code, empty when there was none. */
  readonly code: string;
}

/**
 * Writes the exchange down, once.
 * @returns the record, undefined when there is no caller to attribute it to
 * @throws GatewayError `overloaded` when the journal cannot be written: what is not recorded is not
 *   answered
 */
export function settle(
  exchange: Exchange,
  end: ExchangeEnd,
  dependencies: GatewayDependencies,
): ExchangeRecord | undefined {
  if (exchange.isSettled) return undefined;
  exchange.isSettled = true;
  exchange.onStop(undefined);
  const clientAddress = clientAddressOf(exchange.call, exchange.snapshot);
  const { caller } = exchange;
  if (caller === undefined) {
    const { code, status } = end;
    const { dialect } = exchange.route;
    dependencies.emit({ type: "exchange-refused", dialect, code, status, clientAddress });
    return undefined;
  }
  const record = recordOf(exchange, end, dependencies);
  const refusal = dependencies.recorder.write(record);
  dependencies.emit({ type: "exchange-settled", record, clientAddress });
  if (refusal !== undefined) throw refusal;
  return record;
}

function recordOf(
  exchange: Exchange,
  end: ExchangeEnd,
  dependencies: GatewayDependencies,
): ExchangeRecord {
  const { caller } = exchange;
  const facts = recordedFacts(exchange.facts, exchange.sensed, exchange.label);
  const totals = totalsOf(exchange);
  return {
    id: exchange.id,
    startedAt: exchange.startedAt,
    durationMs: dependencies.clock.monotonic() - exchange.startedTick,
    upstreamMs: exchange.upstreamMs,
    firstTokenMs: exchange.firstTokenMs,
    caller: {
      tenant: caller?.tenant ?? "",
      project: caller?.project ?? "",
      keyId: caller?.keyId ?? "",
      keyName: caller?.keyName ?? "",
      plan: caller?.plan ?? "",
      tags: caller?.tags ?? [],
      user: facts?.user ?? "",
    },
    outcome: end.outcome,
    status: end.status,
    code: end.code,
    facts,
    decision: exchange.decision,
    attempts: exchange.attempts,
    target: exchange.servedBy === undefined ? "" : targetName(exchange.servedBy),
    usage: totals.usage,
    cost: totals.cost,
    notices: exchange.notices,
    snapshot: exchange.snapshot.hash,
    clientRequestId: printable(exchange.call.request.headers.get("x-request-id")),
    session: "",
    parent: "",
  };
}

/** Usage and cost over all attempts: a failed one may have been billed all the same. */
export function totalsOf(exchange: Exchange): {
  readonly usage: Usage;
  readonly cost: NanoUsd | undefined;
} {
  const [first, ...others] = exchange.attempts;
  let used = first?.usage ?? NO_USAGE;
  let cost: NanoUsd | undefined = first === undefined ? 0n : first.cost;
  for (const attempt of others) {
    if (attempt.usage !== NO_USAGE)
      used = used === NO_USAGE ? attempt.usage : addUsage(used, attempt.usage);
    cost = cost === undefined || attempt.cost === undefined ? undefined : cost + attempt.cost;
  }
  return { usage: used, cost };
}

function printable(text: string | null): string {
  return text === null ? "" : text.slice(0, 200).replace(/[^\x20-\x7e]/g, "?");
}
