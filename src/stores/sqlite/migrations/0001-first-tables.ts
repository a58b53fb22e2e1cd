// The first tables: what was called and used, why it went where, keys, documents, the journal's place.

import type { SqliteConnection } from "#platform/sqlite.ts";

/**
 * Makes the tables. Rows of an exchange share its `seq`, which counts in the order of the journal.
 * There are no foreign keys: one importer writes and one sweeper deletes them together, and checking
 * each row would cost the import a third more.
 */
export function firstTables(database: SqliteConnection): void {
  database.execute(`create table exchanges (
    seq integer primary key,
    id text not null unique,
    started_at integer not null,
    duration_us integer not null,
    first_token_us integer,
    tenant text not null,
    project text not null,
    key_id text not null,
    key_name text not null,
    plan text not null,
    user text not null,
    tags text not null,
    model text not null,
    target text not null,
    outcome text not null,
    status integer not null,
    code text not null,
    cost_nano integer,
    input_tokens integer not null,
    cache_read_tokens integer not null,
    cache_write_5m_tokens integer not null,
    cache_write_1h_tokens integer not null,
    output_tokens integer not null,
    reasoning_tokens integer not null,
    input_audio_tokens integer not null,
    input_image_tokens integer not null,
    output_audio_tokens integer not null,
    output_image_tokens integer not null
  ) strict`);
  database.execute("create index exchanges_by_time on exchanges (started_at)");
  database.execute(`create table decisions (
    seq integer primary key,
    started_at integer not null,
    details text not null
  ) strict`);
  database.execute("create index decisions_by_time on decisions (started_at)");
  database.execute(`create table keys (
    id text primary key,
    name text not null,
    tenant text not null,
    project text not null,
    plan text not null,
    models text,
    tags text not null,
    hash text not null,
    previous_hash text not null,
    previous_valid_until integer not null,
    created_at integer not null,
    expires_at integer not null,
    revoked_at integer not null
  ) strict`);
  database.execute(`create table documents (
    version integer primary key autoincrement,
    hash text not null,
    source text not null,
    text text not null,
    applied_at integer not null
  ) strict`);
  database.execute(`create table journal_checkpoints (
    segment text primary key,
    offset integer not null,
    damaged_lines integer not null
  ) strict, without rowid`);
}
