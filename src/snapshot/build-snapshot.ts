// Builds the frozen snapshot out of a document that has passed every check.

import type { CapabilityLookup } from "#core/capability-overlay.ts";
import type { AttemptLimits } from "#core/decision.ts";
import type { DialectId, Operation } from "#core/facts.ts";
import { readRule } from "#core/passthrough-rule.ts";
import type { Catalogue } from "#core/pricing.ts";
import { normalBaseUrl } from "./checks/base-url-check.ts";
import { DEFAULT_TENANT } from "./default-tenant.ts";
import type {
  SluiceDocument,
  WrittenKey,
  WrittenModel,
  WrittenProvider,
} from "./document/document.ts";
import type { DocumentOrigin } from "./document/references.ts";
import { deepFreeze } from "./frozen.ts";
import { listedModels } from "./listed-models.ts";
import { parseListenAddress } from "./listen-address.ts";
import { targetOf } from "./model-target.ts";
import type { ProviderKindFacts, ProviderKinds } from "./provider-kind-facts.ts";
import { loginOf } from "./provider-logins.ts";
import { providerSettings } from "./provider-settings.ts";
import type {
  Credential,
  DocumentKey,
  Plan,
  PriceLookup,
  ProviderEntry,
  ServerSettings,
  Snapshot,
  Tenant,
  VirtualModel,
} from "./snapshot.ts";

/** Tries over all targets where the document names no number. */
const MIN_ATTEMPTS = 3;

/** Limits of calls that name a target: the defaults of contract section 4. */
const DIRECT_LIMITS: AttemptLimits = Object.freeze({
  attempts: MIN_ATTEMPTS,
  connectTimeoutMs: 5000,
  firstTokenTimeoutMs: undefined,
  idleTimeoutMs: 150_000,
  totalTimeoutMs: 900_000,
});

/** What a snapshot holds beside the document. */
export interface SnapshotParts {
  readonly hash: string;
  readonly version: number;
  readonly rates: PriceLookup;
  readonly capabilities: CapabilityLookup;
  readonly origin: DocumentOrigin;
  readonly kinds: ProviderKinds;
  readonly catalogue: Catalogue;
  readonly defaultStoragePath: string;
}

/** Builds the snapshot and freezes it to the last map. */
export function buildSnapshot(document: SluiceDocument, parts: SnapshotParts): Snapshot {
  const providers = mapEntries(document.providers, (written, name) =>
    providerEntry(name, written, parts),
  );
  const models = mapEntries(document.models, (written, name) =>
    virtualModel(name, written, providers),
  );
  return deepFreeze({
    hash: parts.hash,
    version: parts.version,
    server: serverSettings(document.server),
    storagePath: document.storage ?? parts.defaultStoragePath,
    retention: {
      decisionsMs: document.retention.decisions,
      usageMs: document.retention.usage,
    },
    providers,
    models,
    plans: mapEntries(document.plans, plan),
    tenants: tenantMap(document.tenants),
    keys: document.keys.map(documentKey),
    rates: parts.rates,
    capabilities: parts.capabilities,
    unpricedModels: document.unpriced_models ?? "flag",
    directLimits: DIRECT_LIMITS,
    providersKnowing: knowledge(providers, parts),
    listedModels: listedModels({
      providers,
      models,
      kinds: parts.kinds,
      catalogue: parts.catalogue,
    }),
    demo: parts.origin.kind === "demo",
  });
}

function mapEntries<Written, Entry>(
  section: Readonly<Record<string, Written>>,
  build: (written: Written, name: string) => Entry,
): ReadonlyMap<string, Entry> {
  return new Map(Object.entries(section).map(([name, written]) => [name, build(written, name)]));
}

function serverSettings(server: SluiceDocument["server"]): ServerSettings {
  return {
    listen: parseListenAddress(server.listen),
    adminListen:
      server.admin_listen === undefined ? undefined : parseListenAddress(server.admin_listen),
    maxBodyBytes: server.max_body_mb,
    maxInflightBytes: server.max_inflight_mb,
    maxReplyBytes: server.max_reply_mb,
    keepAliveMs: server.keep_alive,
    drainTimeoutMs: server.drain_timeout,
    trustedProxies: server.trusted_proxies,
    metricsPublic: server.metrics === "public",
  };
}

function providerEntry(
  name: string,
  written: WrittenProvider,
  parts: SnapshotParts,
): ProviderEntry {
  const kind = parts.kinds.get(written.kind);
  const settings = providerSettings(written, kind);
  const deployments = new Map(Object.entries(written.deployments));
  const baseUrl = written.base_url ?? kind?.baseUrlFor?.(settings) ?? kind?.defaultBaseUrl ?? "";
  return {
    name,
    kind: written.kind,
    baseUrl: normalBaseUrl(baseUrl, kind?.baseUrlEnds),
    credentials: credentials(written, kind, settings),
    headers: Object.fromEntries(
      Object.entries(written.headers).map(([header, value]) => [header.toLowerCase(), value]),
    ),
    onDisconnect: written.on_disconnect,
    passthrough: written.passthrough.map(readRule).filter((rule) => rule !== undefined),
    privateAddresses: parts.origin.kind !== "api",
    speaks: speaks(kind),
    ...reach(kind, deployments, settings),
    settings,
    deployments,
  };
}

/** Which models are reached by what, for kinds whose paths are not for all of them. */
function reach(
  kind: ProviderKindFacts | undefined,
  deployments: ReadonlyMap<string, string>,
  settings: ProviderEntry["settings"],
): Pick<ProviderEntry, "serves"> {
  const endpoints = Object.values(kind?.speaks ?? {}).flatMap((spoken) => Object.values(spoken));
  if (kind === undefined || endpoints.every(({ serves }) => serves === undefined)) return {};
  return {
    serves: (dialect, operation, model) => {
      const endpoint = kind.speaks[dialect]?.[operation];
      const standsFor = deployments.get(model) ?? model;
      return endpoint?.serves?.(standsFor, settings) ?? endpoint !== undefined;
    },
  };
}

function credentials(
  written: WrittenProvider,
  kind: ProviderKindFacts | undefined,
  settings: ProviderEntry["settings"],
): readonly Credential[] {
  if (written.api_key !== undefined) return [{ id: "default", value: written.api_key, weight: 1 }];
  const login = loginOf(written, kind, settings);
  if (login !== undefined) return [{ id: "default", login, weight: 1 }];
  return (written.api_keys ?? []).map((entry) => {
    const { id, value, weight } = entry;
    const own = loginOf(entry, kind, settings);
    return {
      id,
      weight,
      ...(value !== undefined && { value }),
      ...(own !== undefined && { login: own }),
    };
  });
}

function speaks(
  kind: ProviderKindFacts | undefined,
): ReadonlyMap<DialectId, ReadonlySet<Operation>> {
  const entries = Object.entries(kind?.speaks ?? {});
  return new Map(
    entries.map(([dialect, operations]) => [
      dialect,
      new Set(Object.keys(operations) as Operation[]),
    ]),
  );
}

function virtualModel(
  name: string,
  written: WrittenModel,
  providers: ReadonlyMap<string, ProviderEntry>,
): VirtualModel {
  // Optional providers that were left out take their targets with them; a warning has said so.
  const targets = written.targets.map(targetOf).filter(({ provider }) => providers.has(provider));
  const distinct = new Set(targets.map((target) => `${target.provider}/${target.model}`)).size;
  return {
    name,
    strategy: written.strategy,
    targets,
    limits: {
      attempts: written.attempts ?? Math.max(distinct, MIN_ATTEMPTS),
      connectTimeoutMs: written.connect_timeout,
      firstTokenTimeoutMs: written.first_token_timeout,
      idleTimeoutMs: written.idle_timeout,
      totalTimeoutMs: written.total_timeout,
    },
  };
}

function plan(written: SluiceDocument["plans"][string], name: string): Plan {
  return {
    name,
    models: written.models === undefined ? undefined : new Set(written.models),
    passthrough: new Set(written.passthrough),
  };
}

function tenantMap(tenants: SluiceDocument["tenants"]): ReadonlyMap<string, Tenant> {
  const standing: Tenant = {
    name: DEFAULT_TENANT,
    plan: "",
    projects: new Set(),
    timeZone: "UTC",
  };
  return new Map([
    [DEFAULT_TENANT, standing],
    ...mapEntries(tenants, (written, name) => ({
      name,
      plan: written.plan ?? "",
      projects: new Set(Object.keys(written.projects)),
      timeZone: written.time_zone,
    })),
  ]);
}

function documentKey(written: WrittenKey): DocumentKey {
  return {
    name: written.name,
    tenant: written.tenant,
    project: written.project ?? "",
    plan: written.plan ?? "",
    tags: written.tags,
    models: written.models,
    value: written.value,
  };
}

function knowledge(
  providers: ReadonlyMap<string, ProviderEntry>,
  parts: SnapshotParts,
): Snapshot["providersKnowing"] {
  const knows = [...providers.values()].map((provider) => {
    const kind = parts.kinds.get(provider.kind);
    const catalogueId = kind?.hasOwnNames === true ? "" : (kind?.catalogueId ?? "");
    const { name, deployments } = provider;
    const offers = (model: string) =>
      deployments.has(model) || (catalogueId !== "" && parts.catalogue.knows(catalogueId, model));
    return { name, offers };
  });
  return (model) => knows.filter(({ offers }) => offers(model)).map(({ name }) => name);
}
