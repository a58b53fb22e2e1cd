// The error for the client when no target gave a good reply.

import type { AttemptRecord } from "#core/attempt.ts";
import { type ErrorCode, type ErrorExtras, GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { targetName } from "#core/target.ts";
import { FAILURES } from "#policy/resilience/failure-table.ts";
import type { Exchange } from "../exchange.ts";
import type { AttemptFailure } from "./attempt-failure.ts";

/** The client's own fault as an upstream reports it, with the vendor's body where that is passed on. */
export class UpstreamRejection extends GatewayError {
  /** The body as the vendor wrote it; undefined when dialects differ. */
  readonly vendorBody: Uint8Array | undefined;

  constructor(message: string, extras: ErrorExtras, vendorBody: Uint8Array | undefined) {
    super("upstream_rejected", message, extras);
    this.name = "UpstreamRejection";
    this.vendorBody = vendorBody;
  }
}

/** What is over after a while, whether or not the upstream said when. */
const PASSES_SOON: ReadonlySet<ErrorCode> = new Set([
  "upstream_overloaded",
  "upstream_rate_limited",
]);

/** Builds it from the last failure, with one entry an attempt in `details`. */
export function finalError(exchange: Exchange, failure: AttemptFailure): GatewayError {
  const details = exchange.attempts.map(detailOf);
  if (failure.outcome === "rejected") {
    const extras = { status: failure.status, details };
    return new UpstreamRejection(failure.message, extras, failure.vendorBody);
  }
  const { code } = FAILURES[failure.outcome];
  const headers = { "x-should-retry": "false" };
  const waitMs = failure.retryAfterMs ?? (PASSES_SOON.has(code) ? 1_000 : undefined);
  const retryAfterSeconds =
    waitMs === undefined ? undefined : Math.max(1, Math.ceil(waitMs / 1000));
  return new GatewayError(code, messageOf(failure, exchange.attempts), {
    details,
    headers,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function messageOf(failure: AttemptFailure, attempts: readonly AttemptRecord[]): string {
  const tries =
    attempts.length === 1 ? "The upstream failed" : `All ${attempts.length} attempts failed`;
  return `${tries}; last: ${failure.outcome.replaceAll("_", " ")}: ${failure.message}`;
}

function detailOf(attempt: AttemptRecord): JsonObject {
  return {
    target: targetName(attempt.target),
    status: attempt.status,
    outcome: attempt.outcome,
    message: attempt.message,
    duration_ms: Math.round(attempt.durationMs),
  };
}
