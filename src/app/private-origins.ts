// Which upstream origins may have a private or loopback address: those of providers that the operator
// configured so.

import { addressesOfLogin } from "#core/login.ts";
import type { SnapshotSource } from "#core/ports/snapshot-source.ts";
import type { Credential, Snapshot } from "#snapshot/snapshot.ts";

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
    allowed
      .flatMap(({ baseUrl, credentials }) => [baseUrl, ...credentials.flatMap(loginAddresses)])
      .flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])),
  );
}

function loginAddresses({ login }: Credential): readonly string[] {
  return login === undefined ? [] : addressesOfLogin(login);
}
