// Who is calling: what a valid key proves.

/** The caller of one exchange. Frozen, shared between all exchanges of the key. */
export interface Caller {
  readonly tenant: string;
  /** Empty when the key belongs to no project. */
  readonly project: string;
  /** Public id of the key: safe to log and to group by. */
  readonly keyId: string;
  readonly keyName: string;
  /** Empty when neither key nor tenant names a plan. */
  readonly plan: string;
  readonly tags: readonly string[];
  /** Names that may be asked for: the plan's list and the key's own. `undefined` = all, `[]` = none. */
  readonly allowedModels: ReadonlySet<string> | undefined;
}

/** What an admin credential may do. Deny by default: a handler names the permission it needs. */
export type Permission = "admin:read" | "admin:write";

/** Who is calling the admin API. `tenants` limits what store queries may return; undefined = all. */
export interface Principal {
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly tenants: ReadonlySet<string> | undefined;
}
