// What a key grants: the caller that it proves, under the tenants and plans in force.

import type { Caller } from "#core/caller.ts";
import type { Snapshot, Tenant } from "#snapshot/snapshot.ts";

/** The tenant that always exists, so that a first key can be made without any configuration. */
export const DEFAULT_TENANT = "default";

/** The part of a snapshot that keys depend on. */
export type GrantSource = Pick<Snapshot, "tenants" | "plans">;

/** What a key says of itself, wherever it is kept. */
export interface GrantRequest {
  readonly keyId: string;
  readonly keyName: string;
  readonly tenant: string;
  /** Empty for none. */
  readonly project: string;
  /** Empty: the tenant's plan. */
  readonly plan: string;
  readonly tags: readonly string[];
  /** Undefined: the key has no list of its own. */
  readonly models: readonly string[] | undefined;
}

const IMPLICIT_TENANT: Tenant = Object.freeze({
  name: DEFAULT_TENANT,
  plan: "",
  projects: new Set<string>(),
  timeZone: "UTC",
});

/** The tenant of this name, or undefined. */
export function tenantOf(source: GrantSource, name: string): Tenant | undefined {
  return source.tenants.get(name) ?? (name === DEFAULT_TENANT ? IMPLICIT_TENANT : undefined);
}

/**
 * The caller of a key.
 * @returns undefined when its tenant, project or plan is not configured: such a key opens nothing
 */
export function callerOf(request: GrantRequest, source: GrantSource): Caller | undefined {
  const tenant = tenantOf(source, request.tenant);
  if (tenant === undefined) return undefined;
  if (request.project !== "" && !tenant.projects.has(request.project)) return undefined;
  const planName = request.plan === "" ? tenant.plan : request.plan;
  const plan = source.plans.get(planName);
  if (planName !== "" && plan === undefined) return undefined;
  return Object.freeze({
    tenant: tenant.name,
    project: request.project,
    keyId: request.keyId,
    keyName: request.keyName,
    plan: planName,
    tags: Object.freeze([...request.tags]),
    allowedModels: intersect(plan?.models, request.models),
  });
}

/** A name must stand in each list that exists. */
function intersect(
  plan: ReadonlySet<string> | undefined,
  own: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  if (own === undefined) return plan;
  return new Set(plan === undefined ? own : own.filter((name) => plan.has(name)));
}
