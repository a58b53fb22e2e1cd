// The tables as Kysely sees them. What they mean stands in the migrations that make them.

import type { Generated } from "kysely";
import type { TOKEN_FIELDS, TokenCounter } from "../token-fields.ts";

type TokenColumns = Record<(typeof TOKEN_FIELDS)[TokenCounter], number>;

/** One row an exchange; kept for `retention.usage`. Times in milliseconds, cost in nano-dollars. */
export interface ExchangesTable extends TokenColumns {
  seq: Generated<number>;
  id: string;
  started_at: number;
  duration_us: number;
  first_token_us: number | null;
  tenant: string;
  project: string;
  key_id: string;
  key_name: string;
  plan: string;
  user: string;
  /** JSON array of strings. */
  tags: string;
  model: string;
  target: string;
  outcome: string;
  status: number;
  code: string;
  /** Null when the price is unknown. */
  cost_nano: number | null;
}

/** The rest of the record; kept for `retention.decisions`. */
export interface DecisionsTable {
  seq: number;
  started_at: number;
  /** As detail-part writes it. */
  details: string;
}

/** The tables that reports read through Kysely. The writer has prepared statements for all of them. */
export interface Tables {
  exchanges: ExchangesTable;
  decisions: DecisionsTable;
}
