// Keys that were made through the admin API. The document's own keys are not here.

/** A stored key: everything but the key itself, which is kept as a keyed hash. */
export interface StoredKey {
  /** Public id, part of the key's text. */
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  /** Empty when the key belongs to no project. */
  readonly project: string;
  /** Empty: the tenant's plan. */
  readonly plan: string;
  /** Allow-list of the key's own; null = no list of its own. */
  readonly models: readonly string[] | null;
  readonly tags: readonly string[];
  /** Hex of the HMAC-SHA-256 of the key under the pepper. */
  readonly hash: string;
  /** Hash of the previous key while it is still good, empty otherwise. */
  readonly previousHash: string;
  /** Milliseconds since the epoch; 0 when there is no previous key. */
  readonly previousValidUntil: number;
  readonly createdAt: number;
  /** Milliseconds since the epoch; 0 = never. */
  readonly expiresAt: number;
  /** Milliseconds since the epoch; 0 = in force. */
  readonly revokedAt: number;
}

/** Keeps keys. Read once at start and after each change; never on the hot path. */
export interface KeyStore {
  /** All keys, revoked ones included, oldest first. */
  list(): Promise<readonly StoredKey[]>;
  /** Inserts or replaces the key with this id. Resolves when it is durable. */
  put(key: StoredKey): Promise<void>;
}
