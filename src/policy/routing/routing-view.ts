// What routing reads of the configuration. The compiled snapshot fits it by shape.

import type { CapabilityLookup } from "#core/capability-overlay.ts";
import type { AttemptLimits } from "#core/decision.ts";
import type { DialectId, Operation } from "#core/facts.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";
import type { Rates } from "#core/pricing.ts";

/** A target of a virtual model, before a credential is chosen. */
export interface RoutableTarget {
  readonly provider: string;
  readonly model: string;
  readonly weight: number;
}

/** A virtual model as routing sees it. */
export interface RoutableModel {
  readonly name: string;
  readonly strategy: "priority" | "weighted";
  readonly targets: readonly RoutableTarget[];
  readonly limits: AttemptLimits;
}

/** A provider as routing sees it. */
export interface RoutableProvider {
  readonly name: string;
  readonly credentials: readonly { readonly id: string; readonly weight: number }[];
  readonly speaks: ReadonlyMap<DialectId, ReadonlySet<Operation>>;
  /** Names that the upstream's owner chose and the models behind them; absent = there are none. */
  readonly deployments?: ReadonlyMap<string, string>;
  /** Whether a model is reached by an operation that is spoken; absent = every model is. */
  readonly serves?: (dialect: DialectId, operation: Operation, model: string) => boolean;
}

/** The part of the configuration that decides where a call may go. */
export interface RoutingView {
  readonly hash: string;
  readonly models: ReadonlyMap<string, RoutableModel>;
  readonly providers: ReadonlyMap<string, RoutableProvider>;
  readonly directLimits: AttemptLimits;
  readonly listedModels: readonly ListedModelFacts[];
  readonly unpricedModels: "deny" | "allow" | "flag";
  readonly capabilities: CapabilityLookup;
  readonly rates: (provider: string, model: string, atMs: number) => Rates | undefined;
  providersKnowing(model: string): readonly string[];
}
