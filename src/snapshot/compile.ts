// Compiles a document into a snapshot: form, then meaning, then the frozen result. A document with one
// error gives none.

import { pricesWithOverlay } from "#core/price-overlay.ts";
import type { Catalogue } from "#core/pricing.ts";
import { buildSnapshot } from "./build-snapshot.ts";
import { checkCallers } from "./checks/caller-checks.ts";
import type { CheckContext } from "./checks/check-context.ts";
import { checkModels } from "./checks/model-checks.ts";
import { checkPrices } from "./checks/price-checks.ts";
import { checkProviders } from "./checks/provider-checks.ts";
import { warnAboutRestart } from "./checks/restart-warnings.ts";
import { checkServer } from "./checks/server-checks.ts";
import type { SluiceDocument } from "./document/document.ts";
import type { ConfigIssue } from "./document/issue.ts";
import type { DocumentOrigin, References } from "./document/references.ts";
import { loadDocument } from "./load-document.ts";
import { priceOverrides } from "./price-overrides.ts";
import type { ProviderKinds } from "./provider-kind-facts.ts";
import type { PriceLookup, Snapshot } from "./snapshot.ts";

/** Where a document without `storage` keeps its data. */
const DEFAULT_STORAGE_PATH = "data/sluice.db";

/** What stays the same for every document of a process. */
export interface CompileSettings {
  readonly references: References;
  readonly catalogue: Catalogue;
  readonly providerKinds: ProviderKinds;
  /** For documents without `storage`; `data/sluice.db` when absent. */
  readonly defaultStoragePath?: string;
  /** Checks a key in Sluice's own form; absent = the document may hold none. */
  readonly isSluiceKey?: (value: string) => boolean;
}

/** Everything outside the document that a snapshot depends on. */
export interface CompileOptions extends CompileSettings {
  readonly origin: DocumentOrigin;
  /** Milliseconds since the epoch, for prices in force. */
  readonly nowMs: number;
  /** Of the document store; 0 before the document is stored. */
  readonly version: number;
  /** The snapshot that the process was started with: what differs only at the next start is warned of. */
  readonly startedWith?: Snapshot;
}

/** What compilation gives. Issues stand in the order of the text. */
export type CompileResult =
  | {
      readonly ok: true;
      readonly snapshot: Snapshot;
      readonly document: SluiceDocument;
      /** The text without the secrets that stand in it literally: the form that may be stored. */
      readonly publicText: string;
      readonly warnings: readonly ConfigIssue[];
    }
  | {
      readonly ok: false;
      readonly errors: readonly ConfigIssue[];
      readonly warnings: readonly ConfigIssue[];
    };

/** Compiles a document. Pure but for the injected references; never throws for what stands in the text. */
export function compileDocument(text: string, options: CompileOptions): CompileResult {
  const loading = loadDocument(text, options.origin, options.references);
  if (!loading.ok) return loading;
  const { document, leftOut, hash, publicText, errors, warnings } = loading.loaded;
  const rates = priceLookup(document, hash, options);
  const context: CheckContext = {
    document,
    origin: options.origin,
    kinds: options.providerKinds,
    catalogue: options.catalogue,
    rates,
    nowMs: options.nowMs,
    leftOut,
    isSluiceKey: options.isSluiceKey ?? (() => false),
    errors,
    warnings,
  };
  checkServer(context);
  checkProviders(context);
  checkModels(context);
  checkCallers(context);
  checkPrices(context);
  if (!errors.isEmpty) {
    return { ok: false, errors: errors.all, warnings: warnings.all };
  }
  const snapshot = buildSnapshot(document, {
    hash,
    rates,
    version: options.version,
    origin: options.origin,
    kinds: options.providerKinds,
    catalogue: options.catalogue,
    defaultStoragePath: options.defaultStoragePath ?? DEFAULT_STORAGE_PATH,
  });
  if (options.startedWith !== undefined) warnAboutRestart(snapshot, options.startedWith, warnings);
  return { ok: true, snapshot, document, publicText, warnings: warnings.all };
}

function priceLookup(document: SluiceDocument, hash: string, options: CompileOptions): PriceLookup {
  return pricesWithOverlay({
    catalogue: options.catalogue,
    catalogueIds: catalogueIds(document, options.providerKinds),
    overrides: priceOverrides(document.prices),
    version: `document:${hash}`,
  });
}

function catalogueIds(document: SluiceDocument, kinds: ProviderKinds): ReadonlyMap<string, string> {
  const entries = Object.entries(document.providers);
  return new Map(entries.map(([name, { kind }]) => [name, kinds.get(kind)?.catalogueId ?? ""]));
}
