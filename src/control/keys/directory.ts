// All keys in force, in memory, as keyed hashes: the answer to "who is calling" without a store.

import type { Caller } from "#core/caller.ts";
import type { CallerDirectory, Identified } from "#core/ports/caller-directory.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { StoredKey } from "#core/ports/key-store.ts";
import type { Secret } from "#core/secret.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import { callerOf, type GrantSource } from "./grants.ts";
import { claimsToBeOurs, publicIdOf } from "./key-text.ts";
import { equalHashes, type KeyHasher, keyHasher } from "./keyed-hash.ts";

/** The part of a snapshot that the directory is built from. */
export type DirectorySource = GrantSource & Pick<Snapshot, "keys">;

/** Longer strings are no keys and are not worth a hash. */
const MAX_KEY_LENGTH = 512;

const UNKNOWN: Identified = Object.freeze({ kind: "unknown" });
const EXPIRED: Identified = Object.freeze({ kind: "expired" });

interface StoredEntry {
  readonly stored: StoredKey;
  readonly hash: Buffer;
  /** Empty when there was no rotation. */
  readonly previousHash: Buffer;
  readonly answer: Identified;
}

interface DocumentEntry {
  readonly hash: Buffer;
  readonly answer: Identified;
}

/** See `CallerDirectory`. Rebuilt whole when the document or the stored keys change. */
export class KeyDirectory implements CallerDirectory {
  readonly #hash: KeyHasher;
  readonly #clock: Clock;
  readonly #listeners: ((keyId: string) => void)[] = [];
  #source: DirectorySource = { keys: [], tenants: new Map(), plans: new Map() };
  #storedKeys: readonly StoredKey[] = [];
  #byId: ReadonlyMap<string, StoredEntry> = new Map();
  #byHash: ReadonlyMap<string, DocumentEntry> = new Map();

  constructor(pepper: Secret, clock: Clock) {
    this.#hash = keyHasher(pepper);
    this.#clock = clock;
  }

  identify(presented: string): Identified {
    if (presented.length > MAX_KEY_LENGTH) return UNKNOWN;
    const id = publicIdOf(presented);
    if (id === undefined && claimsToBeOurs(presented)) return UNKNOWN;
    const hash = this.#hash(presented);
    const entry = id === undefined ? undefined : this.#byId.get(id);
    if (entry !== undefined) return this.#judge(entry, hash);
    const found = this.#byHash.get(hash.toString("latin1"));
    return found !== undefined && equalHashes(found.hash, hash) ? found.answer : UNKNOWN;
  }

  onRevoked(listener: (keyId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes over a new document's keys, tenants and plans. */
  useSnapshot(source: DirectorySource): void {
    this.#source = source;
    this.#rebuild();
  }

  /** Takes over the stored keys, revoked ones included. */
  useStoredKeys(keys: readonly StoredKey[]): void {
    this.#storedKeys = keys;
    this.#rebuild();
  }

  /** Tells the listeners that what was opened with this key has to end. */
  announceRevoked(keyId: string): void {
    for (const listener of this.#listeners) listener(keyId);
  }

  #judge(entry: StoredEntry, presented: Buffer): Identified {
    const { stored, answer } = entry;
    const now = this.#clock.now();
    // Both comparisons always run, so that the time does not tell which of the two keys was tried.
    const isCurrent = equalHashes(entry.hash, presented);
    const isPrevious = equalHashes(entry.previousHash, presented);
    if (!isCurrent && !isPrevious) return UNKNOWN;
    if (!isCurrent && stored.previousValidUntil <= now) return EXPIRED;
    return stored.expiresAt !== 0 && stored.expiresAt <= now ? EXPIRED : answer;
  }

  #rebuild(): void {
    const before = this.#inForce();
    this.#byId = this.#storedEntries();
    this.#byHash = this.#documentEntries();
    const after = this.#inForce();
    for (const [text, keyId] of before) if (!after.has(text)) this.announceRevoked(keyId);
  }

  #storedEntries(): Map<string, StoredEntry> {
    const entries = new Map<string, StoredEntry>();
    for (const stored of this.#storedKeys) {
      if (stored.revokedAt !== 0) continue;
      const { id, name, models, ...rest } = stored;
      const request = { ...rest, keyId: id, keyName: name, models: models ?? undefined };
      const caller = callerOf(request, this.#source);
      if (caller === undefined) continue;
      const hash = Buffer.from(stored.hash, "hex");
      const previousHash = Buffer.from(stored.previousHash, "hex");
      entries.set(id, { stored, hash, previousHash, answer: known(caller) });
    }
    return entries;
  }

  #documentEntries(): Map<string, DocumentEntry> {
    const entries = new Map<string, DocumentEntry>();
    for (const key of this.#source.keys) {
      const hash = this.#hash(key.value.reveal());
      const caller = callerOf({ ...key, keyId: key.name, keyName: key.name }, this.#source);
      if (caller !== undefined) {
        entries.set(hash.toString("latin1"), { hash, answer: known(caller) });
      }
    }
    return entries;
  }

  /** Key ids by what tells one key from its successor: a stored key's id, a document key's hash. */
  #inForce(): ReadonlyMap<string, string> {
    const ids = new Map([...this.#byId.keys()].map((id) => [id, id]));
    for (const [hash, { answer }] of this.#byHash) {
      if (answer.kind === "caller") ids.set(hash, answer.caller.keyId);
    }
    return ids;
  }
}

function known(caller: Caller): Identified {
  return Object.freeze({ kind: "caller", caller });
}
