// The record of one exchange: a line of the journal, and what the stores are filled from.

import type { AttemptRecord } from "./attempt.ts";
import type { Decision } from "./decision.ts";
import type { CallFacts, SensedFacts } from "./facts.ts";
import type { ExchangeId } from "./ids.ts";
import type { NanoUsd } from "./money.ts";
import type { Notice } from "./notices.ts";
import type { Usage } from "./usage.ts";

/** How the exchange ended for the client. */
export type ExchangeOutcome = "answered" | "refused" | "failed" | "truncated" | "client_cancelled";

/** The caller as recorded: ids and names, never a credential. */
export interface RecordedCaller {
  readonly tenant: string;
  readonly project: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly plan: string;
  readonly tags: readonly string[];
  /** Claimed by the client. */
  readonly user: string;
}

/** Everything that is kept of an exchange. Holds no prompt, no answer and no key. */
export interface ExchangeRecord {
  readonly id: ExchangeId;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Milliseconds of `durationMs` that were spent waiting for upstreams. */
  readonly upstreamMs: number;
  readonly firstTokenMs: number | undefined;
  readonly caller: RecordedCaller;
  readonly outcome: ExchangeOutcome;
  /** Status that the client saw. */
  readonly status: number;
  /** Error code, empty when there was none. */
  readonly code: string;
  /** Undefined when the exchange ended before the request was read. */
  readonly facts: (CallFacts & Partial<SensedFacts>) | undefined;
  readonly decision: Decision | undefined;
  readonly attempts: readonly AttemptRecord[];
  /** `provider/model` that answered, empty when none did. */
  readonly target: string;
  /** Sum over the billed attempts. */
  readonly usage: Usage;
  /** Undefined when a price is unknown. */
  readonly cost: NanoUsd | undefined;
  readonly notices: readonly Notice[];
  readonly snapshot: string;
  /** The client's own `x-request-id`, cut to 200 printable characters. */
  readonly clientRequestId: string;
  /** The conversation, where the client named one. */
  readonly session: string;
  /** The exchange that caused this one (judge, shadow), empty for a client's call. */
  readonly parent: string;
}
