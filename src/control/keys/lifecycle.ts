// The life of stored keys: made, listed, rotated with an overlap, revoked.

import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { KeyStore, StoredKey } from "#core/ports/key-store.ts";
import type { Random } from "#core/ports/random.ts";
import type { TenantScope } from "#core/ports/record-store.ts";
import type { SnapshotSource } from "#core/ports/snapshot-source.ts";
import type { Secret } from "#core/secret.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { KeyDirectory } from "./directory.ts";
import { DEFAULT_TENANT, tenantOf } from "./grants.ts";
import { ID_BYTES, keyText, lettersOf, SECRET_BYTES } from "./key-text.ts";
import { type KeyHasher, keyHasher } from "./keyed-hash.ts";
import { modelWarnings } from "./model-warnings.ts";

/** What the maker of a key chooses. */
export interface KeyWish {
  readonly name: string;
  readonly tenant: string;
  /** Empty for none. */
  readonly project: string;
  /** Empty: the tenant's plan. */
  readonly plan: string;
  /** Null: no list of the key's own. */
  readonly models: readonly string[] | null;
  readonly tags: readonly string[];
  /** Milliseconds since the epoch; 0 = never. */
  readonly expiresAt: number;
}

/** A key at the only moment at which its text is known. */
export interface IssuedKey {
  readonly stored: StoredKey;
  readonly key: string;
}

/** What the service works with. */
export interface KeyServiceDependencies {
  readonly store: KeyStore;
  readonly directory: KeyDirectory;
  readonly snapshots: SnapshotSource<Snapshot>;
  readonly pepper: Secret;
  readonly random: Random;
  readonly clock: Clock;
}

/** Changes stored keys one after the other; each change is in force when its promise resolves. */
export class KeyService {
  readonly #with: KeyServiceDependencies;
  readonly #hash: KeyHasher;
  #keys: readonly StoredKey[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(dependencies: KeyServiceDependencies) {
    this.#with = dependencies;
    this.#hash = keyHasher(dependencies.pepper);
  }

  /** Reads the store and hands its keys to the directory. Call once before serving. */
  async load(): Promise<void> {
    this.#publish(await this.#with.store.list());
  }

  /** Keys of the scope, oldest first, revoked ones included. */
  list(tenants: TenantScope): readonly StoredKey[] {
    return this.#keys.filter(({ tenant }) => tenants?.has(tenant) ?? true);
  }

  /**
   * Makes a key.
   * @throws GatewayError `invalid_request` for an unknown tenant, project or plan, `conflict` for a
   *   name that a key in force has
   */
  create(wish: KeyWish, tenants: TenantScope): Promise<IssuedKey> {
    return this.#inTurn(async () => {
      this.#check(wish, tenants);
      const id = this.#freshId();
      const key = keyText(id, this.#with.random.bytes(SECRET_BYTES));
      const stored: StoredKey = {
        ...wish,
        id,
        hash: this.#hash(key).toString("hex"),
        previousHash: "",
        previousValidUntil: 0,
        createdAt: this.#with.clock.now(),
        revokedAt: 0,
      };
      await this.#save(stored);
      return { stored, key };
    });
  }

  /** What a wish that can be granted will not do all the same: its models that nobody can ask for. */
  warningsFor(wish: KeyWish): readonly string[] {
    const snapshot = this.#with.snapshots.current();
    if (snapshot === undefined) return [];
    const plan = wish.plan === "" ? (tenantOf(snapshot, wish.tenant)?.plan ?? "") : wish.plan;
    return modelWarnings(wish.models, plan, snapshot);
  }

  /**
   * Gives a key a new text under the same id. The old text stays good for the grace; without one it
   * ends at once, and so does everything that was opened with it.
   * @throws GatewayError `not_found`, or `conflict` for an expired key
   */
  rotate(id: string, graceSeconds: number, tenants: TenantScope): Promise<IssuedKey> {
    return this.#inTurn(async () => {
      const found = this.#find(id, tenants);
      const now = this.#with.clock.now();
      if (found.expiresAt !== 0 && found.expiresAt <= now) {
        throw new GatewayError("conflict", `The key ${id} has expired. Make a new one.`);
      }
      const key = keyText(id, this.#with.random.bytes(SECRET_BYTES));
      const stored: StoredKey = {
        ...found,
        hash: this.#hash(key).toString("hex"),
        previousHash: graceSeconds === 0 ? "" : found.hash,
        previousValidUntil: graceSeconds === 0 ? now : now + graceSeconds * 1000,
      };
      await this.#save(stored);
      if (graceSeconds === 0) this.#with.directory.announceRevoked(id);
      return { stored, key };
    });
  }

  /** Ends a key for good, open streams included. @throws GatewayError `not_found` */
  revoke(id: string, tenants: TenantScope): Promise<void> {
    return this.#inTurn(async () => {
      const found = this.#find(id, tenants);
      await this.#save({ ...found, revokedAt: this.#with.clock.now() });
    });
  }

  /**
   * Makes the first key, for tenant `default`, when neither document nor store has ever held one.
   * @returns undefined when there was a key, also a revoked one: who revoked all keys meant it
   */
  async ensureDefaultKey(): Promise<IssuedKey | undefined> {
    const documentKeys = this.#with.snapshots.current()?.keys ?? [];
    if (documentKeys.length > 0 || this.#keys.length > 0) return undefined;
    const nothing = { project: "", plan: "", models: null, tags: [], expiresAt: 0 };
    return this.create({ ...nothing, name: "default", tenant: DEFAULT_TENANT }, undefined);
  }

  #check(wish: KeyWish, tenants: TenantScope): void {
    const snapshot = this.#with.snapshots.current();
    if (snapshot === undefined) {
      throw new GatewayError("conflict", "No configuration is in force yet. Apply one first.");
    }
    const tenant = tenantOf(snapshot, wish.tenant);
    if (tenant === undefined || tenants?.has(wish.tenant) === false) {
      throw invalidRequest("tenant", `No tenant is called ${JSON.stringify(wish.tenant)}.`);
    }
    if (wish.project !== "" && !tenant.projects.has(wish.project)) {
      throw invalidRequest("project", `The tenant has no project ${JSON.stringify(wish.project)}.`);
    }
    if (wish.plan !== "" && !snapshot.plans.has(wish.plan)) {
      throw invalidRequest("plan", `No plan is called ${JSON.stringify(wish.plan)}.`);
    }
    if (wish.expiresAt !== 0 && wish.expiresAt <= this.#with.clock.now()) {
      throw invalidRequest("expires_at", "The time is past; a key has to expire in the future.");
    }
    const inForce = this.#keys.filter(({ revokedAt }) => revokedAt === 0);
    if ([...inForce, ...snapshot.keys].some(({ name }) => name === wish.name)) {
      throw new GatewayError(
        "conflict",
        `A key named ${JSON.stringify(wish.name)} exists already.`,
      );
    }
  }

  #find(id: string, tenants: TenantScope): StoredKey {
    const found = this.list(tenants).find((key) => key.id === id && key.revokedAt === 0);
    if (found === undefined) throw new GatewayError("not_found", "No key in force has this id.");
    return found;
  }

  #freshId(): string {
    const id = lettersOf(this.#with.random.bytes(ID_BYTES));
    return this.#keys.some((key) => key.id === id) ? this.#freshId() : id;
  }

  async #save(stored: StoredKey): Promise<void> {
    await this.#with.store.put(stored);
    const others = this.#keys.filter(({ id }) => id !== stored.id);
    const position = this.#keys.findIndex(({ id }) => id === stored.id);
    this.#publish(position < 0 ? [...others, stored] : others.toSpliced(position, 0, stored));
  }

  #publish(keys: readonly StoredKey[]): void {
    this.#keys = keys;
    this.#with.directory.useStoredKeys(keys);
  }

  /** Runs changes one after the other, so that two of them never start from the same state. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
