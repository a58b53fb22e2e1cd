// What an attempt used: as the upstream told it, completed or replaced by an estimate that says so.

import type { AttemptOutcome } from "#core/attempt.ts";
import { NO_USAGE, type Usage, usage } from "#core/usage.ts";
import type { Exchange } from "../exchange.ts";
import { estimateOutputTokens } from "../sensors/token-count.ts";
import type { StreamReading } from "./stream-reading.ts";

/** Usage of a complete reply. @param textLength UTF-16 code units of the answer */
export function usageOf(
  exchange: Exchange,
  reported: Usage | undefined,
  textLength: number,
): Usage {
  if (reported !== undefined) return reported;
  if (exchange.facts?.operation === "count_tokens") return NO_USAGE;
  return estimated(exchange, textLength);
}

/**
 * Usage of a stream, whole or broken off. Counters from before the answer's end know nothing of what
 * followed them (Anthropic opens with one output token): what was written since is estimated.
 */
export function usageOfStream(exchange: Exchange, reading: StreamReading): Usage {
  const { usage: reported, hasEnded, isUsageFinal, textLength } = reading;
  if (reported === undefined || hasEnded || isUsageFinal) {
    return usageOf(exchange, reported, textLength);
  }
  exchange.notice("estimated", "usage");
  const outputTokens = Math.max(reported.outputTokens, estimateOutputTokens(textLength));
  return { ...reported, outputTokens, source: "estimated" };
}

/** Usage of an attempt that was given up before it said anything: the upstream has read the request. */
export function usageOfUnanswered(exchange: Exchange): Usage {
  return exchange.facts?.operation === "count_tokens" ? NO_USAGE : estimated(exchange, 0);
}

/** Failures after the head of a good reply: the upstream was answering, and bills what it had read. */
const BEGUN: ReadonlySet<AttemptOutcome> = new Set<AttemptOutcome>([
  "first_token_timeout",
  "idle_timeout",
  "total_timeout",
  "reply_too_large",
]);

/** What of a failure tells whether it was billed. */
interface FailedAttempt {
  readonly outcome: AttemptOutcome;
  readonly status: number;
  readonly used: Usage | undefined;
}

/**
 * Usage of a failed attempt: what the upstream told; else the input, estimated, where its answer had
 * begun; else nothing.
 */
export function usageOfFailed(
  exchange: Exchange,
  failure: FailedAttempt,
  reading: StreamReading | undefined,
): Usage {
  if (failure.used !== undefined) return failure.used;
  const wasAnswering = failure.status >= 200 && failure.status < 300 && BEGUN.has(failure.outcome);
  const wasCut = failure.outcome === "malformed" && reading?.fault === undefined;
  if (reading?.usage !== undefined && (wasAnswering || wasCut)) {
    return usageOfStream(exchange, reading);
  }
  return wasAnswering ? usageOfUnanswered(exchange) : NO_USAGE;
}

function estimated(exchange: Exchange, textLength: number): Usage {
  exchange.notice("estimated", "usage");
  return estimatedUsage(exchange.sensed?.inputTokens ?? 0, textLength);
}

/** What stands in for counters that the upstream did not send: in the record, and in translated replies. */
export function estimatedUsage(inputTokens: number, textLength: number): Usage {
  return usage({
    inputTokens,
    outputTokens: estimateOutputTokens(textLength),
    source: "estimated",
  });
}
