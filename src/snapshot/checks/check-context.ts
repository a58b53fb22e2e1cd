// What the checks on meaning read, and where they write what they find.

import type { Catalogue } from "#core/pricing.ts";
import type { SluiceDocument, WrittenProvider } from "../document/document.ts";
import type { IssueList } from "../document/issue.ts";
import type { DocumentOrigin } from "../document/references.ts";
import type { ProviderKinds } from "../provider-kind-facts.ts";
import type { PriceLookup } from "../snapshot.ts";

/** A document whose form is right, with everything that its meaning depends on. */
export interface CheckContext {
  readonly document: SluiceDocument;
  readonly origin: DocumentOrigin;
  readonly kinds: ProviderKinds;
  readonly catalogue: Catalogue;
  readonly rates: PriceLookup;
  readonly nowMs: number;
  /** Optional providers that lack a variable. */
  readonly leftOut: ReadonlyMap<string, WrittenProvider>;
  /** True when a key in Sluice's own form carries a good checksum. */
  readonly isSluiceKey: (value: string) => boolean;
  readonly errors: IssueList;
  readonly warnings: IssueList;
}
