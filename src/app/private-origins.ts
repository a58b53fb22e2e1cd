// Which upstream origins may have a private or loopback address: those of providers that the operator
// configured so.

import type { SnapshotSource } from "#core/ports/snapshot-source.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";

/** @returns a test of an origin (`https://host:port`) against the snapshot in force */
export function originsAllowedPrivate(
  snapshots: SnapshotSource<Snapshot>,
): (origin: string) => boolean {
  let built: { readonly of: Snapshot; readonly origins: ReadonlySet<string> } | undefined;
  return (origin) => {
    const snapshot = snapshots.current();
    if (snapshot === undefined) return false;
    if (built?.of !== snapshot) built = { of: snapshot, origins: privateOrigins(snapshot) };
    return built.origins.has(new URL(origin).origin);
  };
}

function privateOrigins(snapshot: Snapshot): ReadonlySet<string> {
  const allowed = [...snapshot.providers.values()].filter((entry) => entry.privateAddresses);
  return new Set(
    allowed.flatMap(({ baseUrl }) => (URL.canParse(baseUrl) ? [new URL(baseUrl).origin] : [])),
  );
}
