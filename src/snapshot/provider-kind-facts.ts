// What compilation has to know of a provider kind. The files in `src/providers` fit it by shape.

import type { DialectId, Operation } from "#core/facts.ts";

/** A kind of upstream, as data. */
export interface ProviderKindFacts {
  readonly id: string;
  /** Undefined = `base_url` must be configured. */
  readonly defaultBaseUrl: string | undefined;
  /** False: a call without a key is fine. */
  readonly needsKey: boolean;
  /** Name in the catalogue of models and prices; empty when it has none. */
  readonly catalogueId: string;
  /** Over HTTP, or answered in this process. */
  readonly transport: "http" | "demo";
  readonly speaks: Readonly<Record<DialectId, Readonly<Partial<Record<Operation, unknown>>>>>;
}

/** Provider kinds by id. */
export type ProviderKinds = ReadonlyMap<string, ProviderKindFacts>;
