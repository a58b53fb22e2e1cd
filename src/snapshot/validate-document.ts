// From text to a document that is right in form and in meaning: plain data, of which the snapshot is
// built. Apart from the building, since it needs the YAML parser and the schema library and may take
// long, while the snapshot belongs to the thread that serves.

import { checkCallers } from "./checks/caller-checks.ts";
import type { CheckContext } from "./checks/check-context.ts";
import { checkModels } from "./checks/model-checks.ts";
import { checkProviders } from "./checks/provider-checks.ts";
import { type StartSettings, warnAboutRestart } from "./checks/restart-warnings.ts";
import { checkServer } from "./checks/server-checks.ts";
import { checkTargetNames } from "./checks/target-name-checks.ts";
import type { SluiceDocument } from "./document/document.ts";
import type { ConfigIssue } from "./document/issue.ts";
import type { DocumentOrigin, References } from "./document/references.ts";
import { parseListenAddress } from "./listen-address.ts";
import { loadDocument } from "./load-document.ts";
import { type PriceSources, priceLookup } from "./price-lookup.ts";

/** What validation needs to know beside the text. */
export interface ValidationOptions extends PriceSources {
  readonly references: References;
  /** Checks a key in Sluice's own form; absent = the document may hold none. */
  readonly isSluiceKey?: (value: string) => boolean;
  readonly origin: DocumentOrigin;
  /** Milliseconds since the epoch, for prices in force. */
  readonly nowMs: number;
  /** For documents without `storage`. */
  readonly defaultStoragePath: string;
  /** What the process was started with: what differs only at the next start is warned of. */
  readonly startedWith?: StartSettings;
}

/** A document without errors. */
export interface ValidDocument {
  readonly ok: true;
  readonly document: SluiceDocument;
  /** First 16 hex digits of the SHA-256 of the resolved document without secrets. */
  readonly hash: string;
  /** The text without the secrets that stand in it literally: the form that may be stored. */
  readonly publicText: string;
  readonly warnings: readonly ConfigIssue[];
}

/** A document that is refused. Issues stand in the order of the text. */
export interface InvalidDocument {
  readonly ok: false;
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/** Validates a document. Pure but for the injected references; never throws for what stands in the text. */
export function validateDocument(
  text: string,
  options: ValidationOptions,
): ValidDocument | InvalidDocument {
  const loading = loadDocument(text, options.origin, options.references);
  if (!loading.ok) return loading;
  const { document, leftOut, hash, publicText, errors, warnings } = loading.loaded;
  const context: CheckContext = {
    document,
    origin: options.origin,
    kinds: options.providerKinds,
    catalogue: options.catalogue,
    rates: priceLookup(document, hash, options),
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
  checkTargetNames(context);
  if (!errors.isEmpty) return { ok: false, errors: errors.all, warnings: warnings.all };
  const { startedWith } = options;
  if (startedWith !== undefined) {
    warnAboutRestart(startSettings(document, options), startedWith, warnings);
  }
  return { ok: true, document, hash, publicText, warnings: warnings.all };
}

function startSettings(
  { server, storage }: SluiceDocument,
  { defaultStoragePath }: ValidationOptions,
): StartSettings {
  const { listen, admin_listen: adminListen } = server;
  return {
    server: {
      listen: parseListenAddress(listen),
      adminListen: adminListen === undefined ? undefined : parseListenAddress(adminListen),
    },
    storagePath: storage ?? defaultStoragePath,
  };
}
