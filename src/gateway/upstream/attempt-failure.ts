// A failed attempt: what happened, in terms that the failure table knows.

import type { DialectId } from "#core/facts.ts";
import type { Json } from "#core/json.ts";
import { type HeaderFields, TransportError } from "#core/ports/transport.ts";
import type { Usage } from "#core/usage.ts";
import type { Repair } from "#dialects/adapt/repair.ts";
import type { Dialect } from "#dialects/dialect.ts";
import { INVALID_ANSWER, MALFORMED_REPLY, type UpstreamFault } from "#dialects/neutral.ts";
import {
  type FailureOutcome,
  outcomeOfFault,
  outcomeOfStatus,
} from "#policy/resilience/failure-table.ts";
import type { Endpoint } from "#providers/provider.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import type { BodyBytes } from "./read-body.ts";

/** Why an attempt failed. Thrown by the attempt, caught by the loop over the route. */
export class AttemptFailure extends Error {
  readonly outcome: FailureOutcome;
  /** HTTP status of the upstream, 0 when there was none. */
  readonly status: number;
  /** Milliseconds, undefined when the upstream did not say. */
  readonly retryAfterMs: number | undefined;
  /** The vendor's own body, whole and of the client's dialect; else undefined. */
  readonly vendorBody: Uint8Array | undefined;
  /** What was used all the same, where the upstream told. */
  readonly used: Usage | undefined;
  /** What the same target may be asked to mend. */
  readonly repair: Repair | undefined;

  constructor(
    outcome: FailureOutcome,
    message: string,
    facts: {
      readonly status?: number;
      readonly retryAfterMs?: number | undefined;
      readonly vendorBody?: Uint8Array | undefined;
      readonly used?: Usage | undefined;
      readonly repair?: Repair | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: facts.cause });
    this.name = "AttemptFailure";
    this.outcome = outcome;
    this.status = facts.status ?? 0;
    this.retryAfterMs = facts.retryAfterMs;
    this.vendorBody = facts.vendorBody;
    this.used = facts.used;
    this.repair = facts.repair;
  }
}

/** The failure that a status other than 2xx stands for. */
export function failureOfStatus(
  reply: { readonly status: number; readonly headers: HeaderFields; readonly body: BodyBytes },
  upstream: Dialect,
  seen: { readonly isSameDialect: boolean; readonly nowMs: number },
): AttemptFailure {
  const { status, headers, body } = reply;
  const json = body.isWhole ? parsed(body.bytes) : undefined;
  const fault = upstream.readFault(status, json, headers);
  // Google says 400 to a bad key: the dialect knows what its vendor means.
  const outcome = outcomeOfStatus(fault.status) ?? "server_error";
  return new AttemptFailure(outcome, told(fault.message, status), {
    status,
    retryAfterMs: fault.retryAfterMs ?? readRetryAfter(headers, seen.nowMs),
    vendorBody: seen.isSameDialect && json !== undefined ? body.bytes : undefined,
  });
}

/** The dialect that an error is in, where that is another one than its endpoint's. */
export function faultDialectOf(
  { faultsIn }: Pick<Endpoint, "faultsIn">,
  body: BodyBytes,
): DialectId | undefined {
  if (typeof faultsIn !== "function") return faultsIn;
  return faultsIn(body.isWhole ? parsed(body.bytes) : undefined);
}

/** Codes of faults that no upstream reported. */
const OWN_JUDGEMENTS: ReadonlyMap<string, FailureOutcome> = new Map([
  [MALFORMED_REPLY, "malformed"],
  [INVALID_ANSWER, "invalid_answer"],
]);

/** The failure that an error inside a 200 stands for, or a body that is not of the dialect at all. */
export function failureOfFault(fault: UpstreamFault, status: number, used?: Usage): AttemptFailure {
  const outcome = OWN_JUDGEMENTS.get(fault.code) ?? outcomeOfFault(fault.status);
  return new AttemptFailure(outcome, told(fault.message, fault.status), {
    status,
    used,
    retryAfterMs: fault.retryAfterMs,
  });
}

/** The failure that a missing reply stands for, or one whose body broke off. */
export function failureOfTransport(
  thrown: unknown,
  reply: { readonly status: number } | undefined,
): AttemptFailure {
  if (thrown instanceof AttemptFailure) return thrown;
  if (reply !== undefined) {
    const facts = { status: reply.status, cause: thrown };
    return new AttemptFailure("malformed", "The upstream's reply broke off.", facts);
  }
  if (thrown instanceof TransportError) {
    switch (thrown.fault) {
      case "connect_timeout":
        return new AttemptFailure("connect_timeout", thrown.message, { cause: thrown });
      case "connection_lost":
        return new AttemptFailure("connection_lost", thrown.message, { cause: thrown });
      case "forbidden_address":
        return new AttemptFailure("misconfigured", thrown.message, { cause: thrown });
      default:
        return new AttemptFailure("connect_failed", thrown.message, { cause: thrown });
    }
  }
  return new AttemptFailure("connect_failed", "The connection to the upstream broke.", {
    cause: thrown,
  });
}

const TEXT = new TextDecoder();

/** JSON of a body, whatever its content type says; undefined when it is none. */
export function parsed(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(TEXT.decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

/** A vendor's message, or what stands for none. */
function told(message: string, status: number): string {
  return message === "" ? `The upstream answered ${status}.` : message;
}
