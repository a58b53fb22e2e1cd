// Answers with an error: in the caller's own dialect, settled like any other answer.

import { type GatewayError, toGatewayError } from "#core/errors.ts";
import { decisionIdOf } from "#core/ids.ts";
import type { JsonObject } from "#core/json.ts";
import { targetName } from "#core/target.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { answerHeaders, withErrorHeaders } from "../response-headers.ts";
import { UpstreamRejection } from "../upstream/final-error.ts";
import { settle } from "./settle.ts";

/** Settles the exchange as failed or refused and builds the response. */
export function errorResponse(
  exchange: Exchange,
  error: GatewayError,
  dependencies: GatewayDependencies,
): Response {
  const outcome = error.row.source === "upstream" ? "failed" : "refused";
  const end = { outcome, status: error.status, code: error.code } as const;
  try {
    settle(exchange, end, dependencies);
  } catch (fault) {
    return faultResponse(exchange, toGatewayError(fault), dependencies);
  }
  return faultResponse(exchange, error, dependencies);
}

function faultResponse(
  exchange: Exchange,
  error: GatewayError,
  dependencies: GatewayDependencies,
): Response {
  const elapsedMs = dependencies.clock.monotonic() - exchange.startedTick;
  const headers = withErrorHeaders(answerHeaders(exchange, elapsedMs, undefined), error);
  headers["content-type"] = "application/json";
  const { status } = error;
  if (error instanceof UpstreamRejection && error.vendorBody !== undefined) {
    return new Response(error.vendorBody as Uint8Array<ArrayBuffer>, { status, headers });
  }
  const body = exchange.dialect.fault(error, exchange.requestId);
  return new Response(JSON.stringify(body), { status, headers });
}

/**
 * What a head that left early could not say, for the stream itself.
 * @param underWay attempts that have no record yet: the one that is being streamed
 */
export function sluiceObject(exchange: Exchange, underWay: 0 | 1): JsonObject {
  return {
    decision: decisionIdOf(exchange.id),
    target: exchange.servedBy === undefined ? null : targetName(exchange.servedBy),
    attempts: exchange.attempts.length + underWay,
    notices: [...exchange.notices],
  };
}
