// A row of usage as the admin API shows it (contract section 8): its sums and its outward names.

import type { JsonObject } from "#core/json.ts";
import { formatUsd, type NanoUsd } from "#core/money.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { TOKEN_COUNTERS, TOKEN_FIELDS, type TokenCounter } from "./token-fields.ts";

/** Exact sums over the exchanges of one group. */
export interface UsageSums {
  readonly requests: bigint;
  readonly errors: bigint;
  /** Exchanges whose cost is unknown; `cost` does not hold them. */
  readonly unpriced: bigint;
  readonly tokens: Readonly<Record<TokenCounter, bigint>>;
  readonly cost: NanoUsd;
}

/**
 * True when an exchange counts as an error: answered with 400 or above, or broken on the way. A client
 * that left was not answered at all.
 */
export function isErroneous(record: Pick<ExchangeRecord, "status" | "outcome">): boolean {
  if (record.outcome === "client_cancelled") return false;
  return record.status >= 400 || record.outcome === "failed" || record.outcome === "truncated";
}

/**
 * Renders a row: grouped names, then sums. Sums beyond 2^53 become decimal strings, since a JSON
 * number would not be exact.
 */
export function usageRowView(names: JsonObject, sums: UsageSums): JsonObject {
  const view: JsonObject = { ...names };
  view["requests"] = exactNumber(sums.requests);
  view["errors"] = exactNumber(sums.errors);
  for (const counter of TOKEN_COUNTERS) {
    view[TOKEN_FIELDS[counter]] = exactNumber(sums.tokens[counter]);
  }
  view["cost_usd"] = formatUsd(sums.cost);
  view["unpriced_requests"] = exactNumber(sums.unpriced);
  return view;
}

function exactNumber(sum: bigint): number | string {
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum.toString();
}
