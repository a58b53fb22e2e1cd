// A validated document on its way between threads: secrets travel as texts, since no class survives it.

import { Secret } from "#core/secret.ts";
import type { SluiceDocument } from "#snapshot/document/document.ts";

/** A document as plain data, in which each secret is a set of its one text: no document holds a set. */
export interface DocumentParcel {
  readonly packed: unknown;
}

/** Makes plain data of a document. */
export function packDocument(document: SluiceDocument): DocumentParcel {
  return {
    packed: mapped(document, (value) =>
      value instanceof Secret ? new Set([value.reveal()]) : undefined,
    ),
  };
}

/** Makes a document again. */
export function unpackDocument({ packed }: DocumentParcel): SluiceDocument {
  const document = mapped(packed, (value) =>
    value instanceof Set ? new Secret([...value].join("")) : undefined,
  );
  return document as SluiceDocument;
}

/** The same lists and mappings, with what `change` gives in place of the values that it knows. */
function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapped(member, change)]),
  );
}
