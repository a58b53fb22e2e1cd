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

/** Applied configuration documents. */
export interface DocumentsTable {
  version: Generated<number>;
  hash: string;
  source: string;
  text: string;
  applied_at: number;
}

/** Keys of callers, as keyed hashes. */
export interface KeysTable {
  id: string;
  name: string;
  tenant: string;
  project: string;
  plan: string;
  /** JSON array of strings; null = no list of its own. */
  models: string | null;
  /** JSON array of strings. */
  tags: string;
  hash: string;
  previous_hash: string;
  previous_valid_until: number;
  created_at: number;
  expires_at: number;
  revoked_at: number;
}

/** The tables that queries read through Kysely. Imports write the others by prepared statements. */
export interface Tables {
  exchanges: ExchangesTable;
  decisions: DecisionsTable;
  documents: DocumentsTable;
  keys: KeysTable;
}
