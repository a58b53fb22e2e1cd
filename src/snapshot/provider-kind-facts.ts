// What compilation has to know of a provider kind. The files in `src/providers` fit it by shape.

import type { DialectId, Operation } from "#core/facts.ts";
import type { Capabilities } from "#core/features.ts";
import type { LoginFacts, SettingName, SettingRule } from "#providers/provider.ts";

/** Where an operation lives, as far as it decides what can be asked. */
export interface EndpointFacts {
  path(model: string, stream: boolean, settings: Readonly<Record<string, string>>): string;
  /** True for the models that are reached here; absent = all of them. */
  serves?(model: string, settings: Readonly<Record<string, string>>): boolean;
}

/** A kind of upstream, as data. */
export interface ProviderKindFacts {
  readonly id: string;
  /** Undefined = `base_url` must be configured. */
  readonly defaultBaseUrl: string | undefined;
  /** Ends of a base URL that the paths of the kind already hold. */
  readonly baseUrlEnds?: readonly string[];
  /** False: a call without a key is fine. */
  readonly needsKey: boolean;
  /** Ways to prove who asks beside a key; absent = none. */
  readonly logins?: LoginFacts;
  /** Keys of a provider that only some kinds take; absent = none. */
  readonly settings?: Readonly<Partial<Record<SettingName, SettingRule>>>;
  baseUrlFor?(settings: Readonly<Record<string, string>>): string | undefined;
  /** The catalogue prices its models and lists none. */
  readonly hasOwnNames?: true;
  readonly hasDeployments?: true;
  /** Percent that a place costs on top of the catalogue's price. */
  surchargePercent?(model: string, settings: Readonly<Record<string, string>>): number;
  /** Name in the catalogue of models and prices; empty when it has none. */
  readonly catalogueId: string;
  /** What is known of a model; absent = nothing. */
  traits?(model: string): Capabilities;
  /** Over HTTP, or answered in this process. */
  readonly transport: "http" | "demo";
  readonly speaks: Readonly<Record<DialectId, Readonly<Partial<Record<Operation, EndpointFacts>>>>>;
}

/** Provider kinds by id. */
export type ProviderKinds = ReadonlyMap<string, ProviderKindFacts>;
