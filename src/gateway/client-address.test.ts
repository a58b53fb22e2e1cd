import { describe, expect, test } from "bun:test";
import type { Snapshot } from "#snapshot/snapshot.ts";
import { clientAddressOf } from "./client-address.ts";

function addressOf(peerAddress: string, forwarded: string, trustedProxies: string[]): string {
  const headers = { "x-forwarded-for": forwarded };
  const call = {
    request: new Request("http://x/", { headers }),
    path: "/",
    query: "",
    peerAddress,
    limitSilence: () => undefined,
  };
  return clientAddressOf(call, { server: { trustedProxies } } as unknown as Snapshot);
}

describe("the address of a client", () => {
  test("is the peer's while no proxy is trusted, whatever the headers say", () => {
    expect(addressOf("203.0.113.9", "198.51.100.1", [])).toBe("203.0.113.9");
    expect(addressOf("203.0.113.9", "198.51.100.1", ["10.0.0.1"])).toBe("203.0.113.9");
  });

  test("is the nearest hop that is not a trusted proxy", () => {
    const trusted = ["10.0.0.0/8", "192.0.2.7"];
    expect(addressOf("10.1.2.3", "198.51.100.1", trusted)).toBe("198.51.100.1");
    expect(addressOf("::ffff:10.1.2.3", "1.2.3.4, 198.51.100.1, 192.0.2.7", trusted)).toBe(
      "198.51.100.1",
    );
  });

  test("takes nothing from a header that holds no addresses", () => {
    expect(addressOf("10.1.2.3", "evil\u0009text", ["10.0.0.0/8"])).toBe("10.1.2.3");
    expect(addressOf("10.1.2.3", "", ["10.0.0.0/8"])).toBe("10.1.2.3");
  });

  test("knows ranges of IPv6", () => {
    expect(addressOf("fd00::1", "2001:db8::5", ["fd00::/8"])).toBe("2001:db8::5");
  });
});
