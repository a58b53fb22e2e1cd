// The prices of a document laid over the catalogue's.

import { type OverlaidPrices, pricesWithOverlay } from "#core/price-overlay.ts";
import type { Catalogue } from "#core/pricing.ts";
import type { SluiceDocument } from "./document/document.ts";
import { priceOverrides } from "./price-overrides.ts";
import type { ProviderKinds } from "./provider-kind-facts.ts";
import { providerSettings } from "./provider-settings.ts";
import type { PriceLookup } from "./snapshot.ts";

/** Whose models and prices the providers of a document have. */
export interface PriceSources {
  readonly catalogue: Catalogue;
  readonly providerKinds: ProviderKinds;
}

/** @param hash of the document: part of the version that its own prices are known by */
export function priceLookup(
  document: SluiceDocument,
  hash: string,
  { catalogue, providerKinds }: PriceSources,
): PriceLookup {
  return pricesWithOverlay({
    catalogue,
    catalogueIds: catalogueIds(document, providerKinds),
    ...deploymentNames(document),
    ...surcharges(document, providerKinds),
    overrides: priceOverrides(document.prices),
    version: `document:${hash}`,
  });
}

function catalogueIds(document: SluiceDocument, kinds: ProviderKinds): ReadonlyMap<string, string> {
  const entries = Object.entries(document.providers);
  return new Map(entries.map(([name, { kind }]) => [name, kinds.get(kind)?.catalogueId ?? ""]));
}

/** Nothing where no provider names deployments: the look-up is on every call's way. */
function deploymentNames(document: SluiceDocument): Pick<OverlaidPrices, "standsFor"> {
  const entries = Object.entries(document.providers).filter(
    ([, { deployments }]) => Object.keys(deployments).length > 0,
  );
  if (entries.length === 0) return {};
  const names = new Map(
    entries.map(([name, { deployments }]) => [name, new Map(Object.entries(deployments))]),
  );
  return { standsFor: (provider, model) => names.get(provider)?.get(model) ?? model };
}

/** Nothing where every place costs what the catalogue says. */
function surcharges(
  document: SluiceDocument,
  kinds: ProviderKinds,
): Pick<OverlaidPrices, "surcharge"> {
  const places = new Map<string, (model: string) => number>();
  for (const [name, written] of Object.entries(document.providers)) {
    const kind = kinds.get(written.kind);
    if (kind?.surchargePercent === undefined) continue;
    const settings = providerSettings(written, kind);
    places.set(name, (model) => kind.surchargePercent?.(model, settings) ?? 0);
  }
  if (places.size === 0) return {};
  return { surcharge: (provider, model) => places.get(provider)?.(model) ?? 0 };
}
