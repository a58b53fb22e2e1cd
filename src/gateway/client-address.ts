// Where a call came from: the peer, or what a trusted proxy says of it.

import { isWithin, parseAddress } from "#core/network-address.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { IncomingCall } from "./exchange.ts";

/**
 * The nearest address that is not a trusted proxy. `x-forwarded-for` counts only as far as each hop to
 * its right is trusted; anything else in it is a claim and ignored.
 */
export function clientAddressOf(call: IncomingCall, snapshot: Snapshot): string {
  const trusted = snapshot.server.trustedProxies;
  if (trusted.length === 0 || !isTrusted(call.peerAddress, trusted)) return call.peerAddress;
  const hops = (call.request.headers.get("x-forwarded-for") ?? "").split(",");
  for (const hop of hops.reverse()) {
    const address = hop.trim();
    if (parseAddress(address) === undefined) break;
    if (!isTrusted(address, trusted)) return address;
  }
  return call.peerAddress;
}

/** @param trusted addresses and CIDR ranges */
function isTrusted(text: string, trusted: readonly string[]): boolean {
  const address = parseAddress(text.replace(/^::ffff:(?=\d+\.)/i, ""));
  if (address === undefined) return false;
  return trusted.some((range) => {
    const [network = "", bits] = range.split("/");
    return isWithin(address, network, bits === undefined ? address.length * 8 : Number(bits));
  });
}
