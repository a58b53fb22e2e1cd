// The snapshot of a validated document. Knows neither YAML nor schemas.

import { buildSnapshot } from "./build-snapshot.ts";
import { capabilityLookup } from "./capability-lookup.ts";
import type { DocumentOrigin } from "./document/references.ts";
import { type PriceSources, priceLookup } from "./price-lookup.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ValidDocument } from "./validate-document.ts";

/** What a snapshot holds beside its document. */
export interface SnapshotSettings extends PriceSources {
  readonly origin: DocumentOrigin;
  /** Of the document store; 0 before the document is stored. */
  readonly version: number;
  /** For documents without `storage`. */
  readonly defaultStoragePath: string;
}

/** Builds the frozen snapshot. */
export function snapshotOf(
  { document, hash }: Pick<ValidDocument, "document" | "hash">,
  settings: SnapshotSettings,
): Snapshot {
  return buildSnapshot(document, {
    hash,
    rates: priceLookup(document, hash, settings),
    capabilities: capabilityLookup(document, settings),
    version: settings.version,
    origin: settings.origin,
    kinds: settings.providerKinds,
    catalogue: settings.catalogue,
    defaultStoragePath: settings.defaultStoragePath,
  });
}
