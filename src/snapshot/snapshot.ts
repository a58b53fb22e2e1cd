// The compiled configuration: frozen, hashed, the only form that the data plane reads.

import type { CapabilityLookup } from "#core/capability-overlay.ts";
import type { AttemptLimits } from "#core/decision.ts";
import type { DialectId, Operation } from "#core/facts.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";
import type { Login } from "#core/login.ts";
import type { PassthroughRule } from "#core/passthrough-rule.ts";
import type { Rates } from "#core/pricing.ts";
import type { Secret } from "#core/secret.ts";

/** One credential of a provider. */
export interface Credential {
  readonly id: string;
  /** A key that is sent as it is; absent where there is a login. */
  readonly value?: Secret;
  readonly login?: Login;
  readonly weight: number;
}

/** A configured provider. */
export interface ProviderEntry {
  readonly name: string;
  /** Id of the provider kind. */
  readonly kind: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Empty when the kind needs none. */
  readonly credentials: readonly Credential[];
  /** From the document, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly onDisconnect: "cancel" | "drain";
  /** Paths that are opened as they are. */
  readonly passthrough: readonly PassthroughRule[];
  /** Loopback and private addresses are allowed (file-owned documents, or `on_premise`). */
  readonly privateAddresses: boolean;
  /** Operations by dialect that the kind speaks, as data, for decide. */
  readonly speaks: ReadonlyMap<DialectId, ReadonlySet<Operation>>;
  /** Whether the kind reaches this model by an operation that it speaks; absent = it reaches all. */
  readonly serves?: (dialect: DialectId, operation: Operation, model: string) => boolean;
  /** What the kind needs to know beside the address: region, project and so on. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names that the upstream's owner chose (deployments, profiles) and the models behind them. */
  readonly deployments: ReadonlyMap<string, string>;
}

/** A target inside a virtual model, before a credential is chosen. */
export interface ModelTarget {
  readonly provider: string;
  readonly model: string;
  readonly weight: number;
}

/** A virtual model. */
export interface VirtualModel {
  readonly name: string;
  readonly strategy: "priority" | "weighted";
  readonly targets: readonly ModelTarget[];
  readonly limits: AttemptLimits;
}

export interface Plan {
  readonly name: string;
  /** Names that may be asked for; undefined = all, empty = none. */
  readonly models: ReadonlySet<string> | undefined;
  /** What of `/passthrough` may be used: a provider, or a provider and one of its rules. */
  readonly passthrough: ReadonlySet<string>;
}

export interface Tenant {
  readonly name: string;
  /** Empty when the tenant has none. */
  readonly plan: string;
  readonly projects: ReadonlySet<string>;
  readonly timeZone: string;
}

/** A key that the document itself holds. */
export interface DocumentKey {
  readonly name: string;
  readonly tenant: string;
  readonly project: string;
  readonly plan: string;
  readonly tags: readonly string[];
  readonly models: readonly string[] | undefined;
  readonly value: Secret;
}

/** `host:port`. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface ServerSettings {
  readonly listen: ListenAddress;
  readonly adminListen: ListenAddress | undefined;
  readonly maxBodyBytes: number;
  readonly maxInflightBytes: number;
  /** Of a reply that is held whole. */
  readonly maxReplyBytes: number;
  readonly keepAliveMs: number;
  readonly drainTimeoutMs: number;
  readonly trustedProxies: readonly string[];
  readonly metricsPublic: boolean;
}

export interface Retention {
  readonly decisionsMs: number;
  readonly usageMs: number;
}

/** What a bare or full name can be. */
export type PriceLookup = (provider: string, model: string, atMs: number) => Rates | undefined;

/** The compiled configuration. */
export interface Snapshot {
  /** First 16 hex digits of the SHA-256 of the resolved document without secrets. */
  readonly hash: string;
  /** Of the document store; 0 before it was stored. */
  readonly version: number;
  readonly server: ServerSettings;
  /** Path of the SQLite file. */
  readonly storagePath: string;
  readonly retention: Retention;
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  readonly models: ReadonlyMap<string, VirtualModel>;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly keys: readonly DocumentKey[];
  /** Overlay first, field by field, then the catalogue. */
  readonly rates: PriceLookup;
  /** What a target can do: the kind's table and the catalogue's limits, with the overlay over them. */
  readonly capabilities: CapabilityLookup;
  /** What to do with a model without a price; see docs/decisions. */
  readonly unpricedModels: "deny" | "allow" | "flag";
  /** Limits of calls that name a target instead of a virtual model. */
  readonly directLimits: AttemptLimits;
  /** Providers whose catalogue knows a bare model name. */
  providersKnowing(model: string): readonly string[];
  /** Every `provider/model` and virtual model, for model lists and nearest names. */
  readonly listedModels: readonly ListedModelFacts[];
  /** True when nothing is configured and the demo provider stands in. */
  readonly demo: boolean;
}
