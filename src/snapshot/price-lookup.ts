// The prices of a document laid over the catalogue's.

import { pricesWithOverlay } from "#core/price-overlay.ts";
import type { Catalogue } from "#core/pricing.ts";
import type { SluiceDocument } from "./document/document.ts";
import { priceOverrides } from "./price-overrides.ts";
import type { ProviderKinds } from "./provider-kind-facts.ts";
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
    overrides: priceOverrides(document.prices),
    version: `document:${hash}`,
  });
}

function catalogueIds(document: SluiceDocument, kinds: ProviderKinds): ReadonlyMap<string, string> {
  const entries = Object.entries(document.providers);
  return new Map(entries.map(([name, { kind }]) => [name, kinds.get(kind)?.catalogueId ?? ""]));
}
