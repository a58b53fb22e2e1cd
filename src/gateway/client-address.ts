// Where a call came from: the peer, or what a trusted proxy says of it.

import type { Snapshot } from "#snapshot/snapshot.ts";
import type { IncomingCall } from "./exchange.ts";

/**
 * The nearest address that is not a trusted proxy. `x-forwarded-for` counts only as far as each hop to
 * its right is trusted; anything else in it is a claim and ignored.
 */
export function clientAddressOf(call: IncomingCall, snapshot: Snapshot): string {
  const trusted = snapshot.server.trustedProxies;
  if (trusted.length === 0 || !trusted.includes(call.peerAddress)) return call.peerAddress;
  const hops = (call.request.headers.get("x-forwarded-for") ?? "").split(",");
  for (const hop of hops.reverse()) {
    const address = hop.trim();
    if (!/^[\da-fA-F.:]{2,45}$/.test(address)) break;
    if (!trusted.includes(address)) return address;
  }
  return call.peerAddress;
}
