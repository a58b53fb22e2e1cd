// What kind of network an address belongs to. Providers' addresses are checked with it when a document
// is compiled (literals) and again when a connection is made (resolved addresses).

/**
 * `metadata` and `link-local` are never an upstream; `loopback` and `private` are one only where the
 * operator may say so; `unusable` (multicast, broadcast, reserved) never answers.
 */
export type NetworkClass =
  | "public"
  | "private"
  | "loopback"
  | "link-local"
  | "metadata"
  | "unusable";

type Range = readonly [network: string, bits: number, kind: NetworkClass];

/** First match wins. IANA special-purpose registries (2026-08) and vendors' metadata addresses. */
const RANGES_V4: readonly Range[] = [
  ["169.254.0.0", 16, "link-local"],
  // Alibaba, Azure and Oracle serve instance metadata outside the link-local range.
  ["100.100.100.200", 32, "metadata"],
  ["168.63.129.16", 32, "metadata"],
  ["192.0.0.192", 32, "metadata"],
  ["0.0.0.0", 8, "loopback"],
  ["127.0.0.0", 8, "loopback"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "private"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "private"],
  ["224.0.0.0", 3, "unusable"],
];

const RANGES_V6: readonly Range[] = [
  ["fd00:ec2::254", 128, "metadata"],
  ["fd20:ce::254", 128, "metadata"],
  ["fe80::", 10, "link-local"],
  ["fec0::", 10, "private"],
  ["::1", 128, "loopback"],
  ["::", 128, "loopback"],
  ["fc00::", 7, "private"],
  ["ff00::", 8, "unusable"],
];

/** Networks whose addresses hold an IPv4 address: prefix, its bits, and where the IPv4 bytes begin. */
const EMBEDDINGS: readonly (readonly [network: string, bits: number, offset: number])[] = [
  ["::ffff:0:0", 96, 12],
  ["::ffff:0:0:0", 96, 12],
  ["64:ff9b::", 96, 12],
  ["64:ff9b:1::", 48, 12],
  ["2002::", 16, 2],
  ["::", 96, 12],
];

const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.azure.internal",
  "instance-data",
  "instance-data.ec2.internal",
]);

/**
 * Classes an IP address.
 * @param address IPv4 in dotted decimal, or IPv6 with or without brackets
 * @returns undefined when the text is no address
 */
export function networkClassOf(address: string): NetworkClass | undefined {
  const bytes = parseAddress(address);
  if (bytes === undefined) return undefined;
  if (bytes.length === 4) return classify(bytes, RANGES_V4);
  const own = classify(bytes, RANGES_V6);
  if (own !== "public") return own;
  for (const [network, bits, offset] of EMBEDDINGS) {
    if (isWithin(bytes, network, bits)) {
      return classify(bytes.subarray(offset, offset + 4), RANGES_V4);
    }
  }
  return "public";
}

/**
 * Classes the host of a parsed URL as far as its text tells; names are `public` until they are resolved.
 * @param hostname as `URL.hostname` gives it: other spellings of IPv4 are already dotted decimal
 */
export function networkClassOfHost(hostname: string): NetworkClass {
  const name = hostname.toLowerCase().replace(/\.+$/, "");
  const byAddress = networkClassOf(name);
  if (byAddress !== undefined) return byAddress;
  if (METADATA_NAMES.has(name)) return "metadata";
  return name === "localhost" || name.endsWith(".localhost") ? "loopback" : "public";
}

/**
 * Reads an IP address.
 * @returns 4 or 16 bytes, undefined when the text is no address
 */
export function parseAddress(text: string): Uint8Array | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  return bare.includes(":") ? parseV6(bare) : parseV4(bare);
}

/** True when the address lies in the network. Addresses of the other family never do. */
export function isWithin(address: Uint8Array, network: string, bits: number): boolean {
  const base = parseAddress(network);
  if (base === undefined || base.length !== address.length) return false;
  for (let position = 0; position * 8 < bits; position += 1) {
    const mask = 0xff & (0xff << Math.max(0, 8 - (bits - position * 8)));
    if (((address[position] ?? 0) & mask) !== ((base[position] ?? 0) & mask)) return false;
  }
  return true;
}

function classify(address: Uint8Array, ranges: readonly Range[]): NetworkClass {
  return ranges.find(([network, bits]) => isWithin(address, network, bits))?.[2] ?? "public";
}

function parseV4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const numbers = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  return numbers.some((number) => number > 255) ? undefined : Uint8Array.from(numbers);
}

function parseV6(text: string): Uint8Array | undefined {
  const [withoutZone = ""] = text.split("%");
  const groups = expandTail(withoutZone);
  if (groups === undefined) return undefined;
  const halves = groups.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  const bytes = new Uint8Array(16);
  for (const [index, group] of all.entries()) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    new DataView(bytes.buffer).setUint16(index * 2, Number.parseInt(group, 16));
  }
  return bytes;
}

/** Writes an IPv4 tail (`::ffff:1.2.3.4`) as two groups. */
function expandTail(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const cut = text.lastIndexOf(":") + 1;
  const bytes = parseV4(text.slice(cut));
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer);
  return `${text.slice(0, cut)}${view.getUint16(0).toString(16)}:${view.getUint16(2).toString(16)}`;
}
