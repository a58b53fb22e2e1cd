// A validated document on its way between threads: secrets travel as texts, since no class survives it.

import { Secret } from "#core/secret.ts";
import type { SluiceDocument, WrittenProvider } from "#snapshot/document/document.ts";

/** A document as plain data. */
export type DocumentParcel = ReturnType<typeof packDocument>;

/** Makes plain data of a document. */
export function packDocument(document: SluiceDocument) {
  return {
    ...document,
    providers: mapped(document.providers, (provider) => ({
      ...provider,
      api_key: provider.api_key?.reveal(),
      api_keys: provider.api_keys?.map((key) => ({ ...key, value: key.value.reveal() })),
    })),
    keys: document.keys.map((key) => ({ ...key, value: key.value.reveal() })),
  };
}

/** Makes a document again. */
export function unpackDocument(parcel: DocumentParcel): SluiceDocument {
  return {
    ...parcel,
    providers: mapped(
      parcel.providers,
      ({ api_key, api_keys, ...provider }): WrittenProvider => ({
        ...provider,
        api_key: api_key === undefined ? undefined : new Secret(api_key),
        api_keys: api_keys?.map((key) => ({ ...key, value: new Secret(key.value) })),
      }),
    ),
    keys: parcel.keys.map((key) => ({ ...key, value: new Secret(key.value) })),
  };
}

function mapped<Value, Result>(
  values: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
