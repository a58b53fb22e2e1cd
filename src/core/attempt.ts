// One try at one target, as it is recorded.

import type { NanoUsd } from "./money.ts";
import type { SchemaLosses } from "./schema-loss.ts";
import type { Target } from "./target.ts";
import type { Usage } from "./usage.ts";

/** How an attempt ended. What each means for the next attempt stands in policy/resilience. */
export type AttemptOutcome =
  /** A complete, good reply. */
  | "succeeded"
  /** A reply whose content was cut off after the client had seen some of it. */
  | "truncated"
  /** The client left first. */
  | "client_cancelled"
  /** No TCP or TLS connection, or a reset before any reply. */
  | "connect_failed"
  /** The upstream closed a kept connection just as the request went out on it. */
  | "connection_lost"
  | "connect_timeout"
  | "first_token_timeout"
  | "idle_timeout"
  | "total_timeout"
  /** 429. */
  | "rate_limited"
  /** 503 or 529. */
  | "overloaded"
  /** Any other 5xx, and 408. */
  | "server_error"
  /** 401, 402, 403, 404: the configuration's fault. */
  | "misconfigured"
  /** 400, 413, 422 and so on: the request's fault. */
  | "rejected"
  /** 3xx. */
  | "redirected"
  /** Not what the dialect says: HTML, an error in a 200, unreadable JSON, a cut before content. */
  | "malformed"
  /** A whole reply beyond `server.max_reply_mb`. */
  | "reply_too_large"
  /** An answer that does not keep the schema that was asked for, also after a repair. */
  | "invalid_answer"
  /** A natural stop without text, tool call, reasoning or block reason. */
  | "empty";

/** One attempt in the record. Times in milliseconds, `startedAt` since the epoch. */
export interface AttemptRecord {
  readonly target: Target;
  /** HTTP status of the upstream, 0 when there was none. */
  readonly status: number;
  readonly outcome: AttemptOutcome;
  readonly startedAt: number;
  /** Time to the first content, undefined when none came. */
  readonly firstTokenMs: number | undefined;
  readonly durationMs: number;
  readonly usage: Usage;
  /** Undefined when the price is unknown. */
  readonly cost: NanoUsd | undefined;
  /** The upstream's own request id, empty when it sent none. */
  readonly upstreamRequestId: string;
  /** A short text for people: the upstream's message without anything secret, at most 500 characters. */
  readonly message: string;
  /** What of the caller's schemas the upstream could not be told; absent = nothing was lost. */
  readonly losses?: readonly SchemaLosses[];
}
