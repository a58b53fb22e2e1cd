// What was recorded of exchanges, for the admin API. Filled from the journal, read by reports.

import type { JsonObject } from "../json.ts";

/** Names that usage can be grouped by. */
export const USAGE_GROUPS = [
  "tenant",
  "project",
  "key",
  "user",
  "tag",
  "model",
  "target",
  "provider",
  "hour",
  "day",
] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Which tenants a query may see; undefined = all. Stores apply it to every query. */
export type TenantScope = ReadonlySet<string> | undefined;

export interface UsageQuery {
  /** Milliseconds since the epoch, inclusive. */
  readonly fromMs: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly toMs: number;
  readonly groupBy: readonly UsageGroup[];
  /** IANA name that hours and days are cut in. */
  readonly timeZone: string;
  readonly limit: number;
  /** From the page before; empty for the first. */
  readonly cursor: string;
  readonly tenants: TenantScope;
}

export interface DecisionQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** Each filter is exact; empty = any. */
  readonly tenant: string;
  readonly model: string;
  readonly target: string;
  readonly outcome: string;
  readonly limit: number;
  readonly cursor: string;
  readonly tenants: TenantScope;
}

/** A page in the form of the contract: rows, and the cursor of the next page or null. */
export interface Page {
  readonly data: readonly JsonObject[];
  readonly next_cursor: string | null;
}

/** Reads records. Every answer includes all exchanges that were journalled before the call. */
export interface RecordStore {
  /** Rows as contract section 8 gives them for `GET /admin/v1/usage`. */
  usage(query: UsageQuery): Promise<Page>;
  /** Rows as contract section 8 gives them for `GET /admin/v1/decisions`, newest first. */
  decisions(query: DecisionQuery): Promise<Page>;
  /** One decision by `dec_…` or `req_…` id; undefined when there is none in the tenants' scope. */
  decision(id: string, tenants: TenantScope): Promise<JsonObject | undefined>;
}
