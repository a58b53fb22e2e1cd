// The headers of every answer (contract section 6), out of what an exchange knows by then.

import type { GatewayError } from "#core/errors.ts";
import { decisionIdOf } from "#core/ids.ts";
import type { NanoUsd } from "#core/money.ts";
import { formatUsd } from "#core/money.ts";
import { noticesHeader } from "#core/notices.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import { targetName } from "#core/target.ts";
import type { Exchange } from "./exchange.ts";

/** Headers that are known as soon as there is an exchange. */
export function earlyHeaders(exchange: Exchange): Record<string, string> {
  return {
    "x-sluice-decision": decisionIdOf(exchange.id),
    "x-request-id": exchange.requestId,
    "x-sluice-snapshot": exchange.snapshot.hash,
  };
}

/**
 * Headers of an answer.
 * @param elapsedMs since the exchange began
 * @param cost of a whole reply; undefined for streams and where the price is unknown
 * @param ongoing the attempt whose reply is being streamed, which has no record yet
 */
export function answerHeaders(
  exchange: Exchange,
  elapsedMs: number,
  cost: NanoUsd | undefined,
  ongoing?: { elapsedMs(): number },
): Record<string, string> {
  const headers = earlyHeaders(exchange);
  const upstreamMs = Math.min(exchange.upstreamMs + (ongoing?.elapsedMs() ?? 0), elapsedMs);
  const attempts = exchange.attempts.length + (ongoing === undefined ? 0 : 1);
  headers["x-sluice-attempts"] = String(attempts);
  headers["x-sluice-cache"] = "off";
  headers["server-timing"] =
    `gateway;dur=${(elapsedMs - upstreamMs).toFixed(2)}, upstream;dur=${upstreamMs.toFixed(2)}`;
  if (exchange.servedBy !== undefined) {
    headers["x-sluice-target"] = asHeaderValue(targetName(exchange.servedBy));
  }
  if (cost !== undefined) headers["x-sluice-cost-usd"] = formatUsd(cost);
  if (exchange.notices.length > 0) headers["x-sluice-notices"] = noticesHeader(exchange.notices);
  if (exchange.upstreamRequestId !== "") {
    headers["x-upstream-request-id"] = exchange.upstreamRequestId;
  }
  if (exchange.upstreamHeaders !== undefined) copyRates(exchange.upstreamHeaders, headers);
  return headers;
}

/** Adds what an error brings along. */
export function withErrorHeaders(
  headers: Record<string, string>,
  error: GatewayError,
): Record<string, string> {
  const { retryAfterSeconds, headers: extra } = error.extras;
  headers["x-sluice-error"] = error.code;
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  return extra === undefined ? headers : { ...headers, ...extra };
}

/** Rate headers of vendors, by the beginning of their names. */
const RATE_HEADERS = ["x-ratelimit-", "anthropic-ratelimit-"] as const;

/** What of an upstream's head is passed on, renamed. Account ids and cookies never are. */
function copyRates(upstream: HeaderFields, headers: Record<string, string>): void {
  upstream.forEach((value, name) => {
    for (const beginning of RATE_HEADERS) {
      if (name.startsWith(beginning)) {
        headers[`x-upstream-ratelimit-${name.slice(beginning.length)}`] = asHeaderValue(value);
      }
    }
  });
}

/** Model names and foreign values, reduced to what a header may carry. */
function asHeaderValue(text: string): string {
  return text.slice(0, 200).replace(/[^\x21-\x7e ]/g, "_");
}
