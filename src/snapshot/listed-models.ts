// The names that callers may ask for, for model lists and nearest names.

import type { ListedModelFacts } from "#core/listed-model.ts";
import type { Catalogue } from "#core/pricing.ts";
import { targetName } from "#core/target.ts";
import type { ProviderKinds } from "./provider-kind-facts.ts";
import type { ModelTarget, ProviderEntry, VirtualModel } from "./snapshot.ts";

/** What the list is made of. */
export interface NamedModels {
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  readonly models: ReadonlyMap<string, VirtualModel>;
  readonly kinds: ProviderKinds;
  readonly catalogue: Catalogue;
}

/** Virtual models first, then every `provider/model` that a catalogue or a target names. */
export function listedModels(named: NamedModels): readonly ListedModelFacts[] {
  const catalogueIdOf = (provider: string) =>
    named.kinds.get(named.providers.get(provider)?.kind ?? "")?.catalogueId ?? "";
  const limits = ({
    provider,
    model,
  }: Pick<ModelTarget, "provider" | "model">): Omit<ListedModelFacts, "id" | "ownedBy"> => {
    const standsFor = named.providers.get(provider)?.deployments.get(model) ?? model;
    const madeFor = named.catalogue.purposeOf?.(standsFor);
    const known = named.catalogue.limits(catalogueIdOf(provider), standsFor);
    return madeFor === undefined ? known : { ...known, madeFor };
  };
  const list = new Map<string, ListedModelFacts>();
  for (const model of named.models.values()) {
    const known = model.targets.map(limits);
    list.set(model.name, {
      id: model.name,
      ownedBy: "sluice",
      inputTokens: smallest(known.map((limit) => limit.inputTokens)),
      outputTokens: smallest(known.map((limit) => limit.outputTokens)),
      ...sharedPurpose(known),
    });
  }
  for (const target of directTargets(named, (provider) => offered(named, provider))) {
    const id = targetName(target);
    if (!list.has(id)) list.set(id, { id, ownedBy: target.provider, ...limits(target) });
  }
  return [...list.values()];
}

/** What a provider has to offer, as far as it is known: names of its own and those of the catalogue. */
function offered({ providers, kinds, catalogue }: NamedModels, name: string): readonly string[] {
  const provider = providers.get(name);
  const kind = kinds.get(provider?.kind ?? "");
  const own = [...(provider?.deployments.keys() ?? [])];
  if (kind === undefined || kind.hasOwnNames === true) return own;
  return [...own, ...catalogue.models(kind.catalogueId)];
}

function* directTargets(
  named: NamedModels,
  catalogueModels: (provider: string) => readonly string[],
): Generator<Pick<ModelTarget, "provider" | "model">> {
  for (const provider of named.providers.keys()) {
    for (const model of catalogueModels(provider)) yield { provider, model };
  }
  for (const model of named.models.values()) {
    yield* model.targets;
  }
}

/** What all targets are made for. */
function sharedPurpose(
  known: readonly Pick<ListedModelFacts, "madeFor">[],
): Pick<ListedModelFacts, "madeFor"> {
  const [first] = known;
  const isShared = known.every(({ madeFor }) => madeFor === first?.madeFor);
  return isShared && first?.madeFor !== undefined ? { madeFor: first.madeFor } : {};
}

/** A call may reach any target, so the smallest limit is the one to rely on; 0 = one is unknown. */
function smallest(limits: readonly number[]): number {
  return limits.includes(0) ? 0 : Math.min(...limits);
}
