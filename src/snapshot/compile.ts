// Compiles a document into a snapshot in one go: validation, then the frozen result. A document with one
// error gives none.

import type { ConfigIssue } from "./document/issue.ts";
import type { DocumentOrigin, References } from "./document/references.ts";
import type { PriceSources } from "./price-lookup.ts";
import type { Snapshot } from "./snapshot.ts";
import { snapshotOf } from "./snapshot-of-document.ts";
import { validateDocument } from "./validate-document.ts";

/** Where a document without `storage` keeps its data. */
const DEFAULT_STORAGE_PATH = "data/sluice.db";

/** What stays the same for every document of a process. */
export interface CompileSettings extends PriceSources {
  readonly references: References;
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
export function compileDocument(text: string, given: CompileOptions): CompileResult {
  const options = {
    ...given,
    defaultStoragePath: given.defaultStoragePath ?? DEFAULT_STORAGE_PATH,
  };
  const validation = validateDocument(text, options);
  if (!validation.ok) return validation;
  const { publicText, warnings } = validation;
  return { ok: true, snapshot: snapshotOf(validation, options), publicText, warnings };
}
