// Addresses that no upstream may have: link-local and cloud metadata.

import { BlockList, isIPv4, isIPv6 } from "node:net";

const ALWAYS = new BlockList();
ALWAYS.addSubnet("169.254.0.0", 16, "ipv4");
ALWAYS.addSubnet("fe80::", 10, "ipv6");
// Metadata services of clouds that live outside the link-local range.
ALWAYS.addAddress("100.100.100.200", "ipv4");
ALWAYS.addAddress("168.63.129.16", "ipv4");
ALWAYS.addAddress("fd00:ec2::254", "ipv6");
ALWAYS.addSubnet("0.0.0.0", 8, "ipv4");
ALWAYS.addSubnet("224.0.0.0", 4, "ipv4");
ALWAYS.addSubnet("ff00::", 8, "ipv6");

const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8, "ipv4");
PRIVATE.addSubnet("172.16.0.0", 12, "ipv4");
PRIVATE.addSubnet("192.168.0.0", 16, "ipv4");
PRIVATE.addSubnet("127.0.0.0", 8, "ipv4");
PRIVATE.addSubnet("100.64.0.0", 10, "ipv4");
PRIVATE.addAddress("::1", "ipv6");
PRIVATE.addSubnet("fc00::", 7, "ipv6");

/**
 * True when no connection may be made to the address.
 * @param address an IP address as a resolver gives it
 * @param allowsPrivate private and loopback addresses are fine for this provider
 */
export function isForbiddenAddress(address: string, allowsPrivate: boolean): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  const family = isIPv4(plain) ? "ipv4" : isIPv6(plain) ? "ipv6" : undefined;
  if (family === undefined) return true;
  return ALWAYS.check(plain, family) || (!allowsPrivate && PRIVATE.check(plain, family));
}
