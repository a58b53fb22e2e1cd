// Classes of network addresses, in every spelling that an attacker might try.

import { describe, expect, test } from "bun:test";
import { isWithin, networkClassOf, networkClassOfHost, parseAddress } from "./network-address.ts";

describe("networkClassOf", () => {
  test.each([
    ["93.184.216.34", "public"],
    ["127.0.0.1", "loopback"],
    ["0.0.0.0", "loopback"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.32.0.1", "public"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "private"],
    ["100.128.0.1", "public"],
    ["169.254.169.254", "link-local"],
    ["100.100.100.200", "metadata"],
    ["168.63.129.16", "metadata"],
    ["224.0.0.1", "unusable"],
    ["255.255.255.255", "unusable"],
    ["::1", "loopback"],
    ["::", "loopback"],
    ["fe80::1%eth0", "link-local"],
    ["febf::1", "link-local"],
    ["fd00:ec2::254", "metadata"],
    ["fd12::1", "private"],
    ["[2606:4700::1111]", "public"],
    ["::ffff:169.254.169.254", "link-local"],
    ["::ffff:a9fe:a9fe", "link-local"],
    ["::ffff:0:a9fe:a9fe", "link-local"],
    ["::169.254.169.254", "link-local"],
    ["64:ff9b::a9fe:a9fe", "link-local"],
    ["2002:a9fe:a9fe::1", "link-local"],
    ["::ffff:8.8.8.8", "public"],
    ["ff02::1", "unusable"],
  ])("classes %s as %s", (address, expected) => {
    expect(networkClassOf(address) as string).toBe(expected);
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "example.com",
    "1::2::3",
    "12345::",
    ":::",
    "1:2:3:4:5:6:7:8:9",
  ])("takes %p for no address", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe("networkClassOfHost", () => {
  test.each([
    ["http://2852039166/", "link-local"],
    ["http://0xa9.0376.169.254/", "link-local"],
    ["http://0251.254.169.254/", "link-local"],
    ["http://169.254.43518/", "link-local"],
    ["http://[::ffff:169.254.169.254]/", "link-local"],
    ["http://169.254.169.254./", "link-local"],
    ["http://METADATA.google.internal./", "metadata"],
    ["http://metadata/", "metadata"],
    ["http://localhost:11434/", "loopback"],
    ["http://x.localhost/", "loopback"],
    ["http://127.1/", "loopback"],
    ["https://api.openai.com/", "public"],
  ])("classes the host of %s as %s", (url, expected) => {
    expect(networkClassOfHost(new URL(url).hostname) as string).toBe(expected);
  });
});

test("a network holds the addresses that share its first bits", () => {
  const address = parseAddress("10.1.255.7") ?? new Uint8Array(4);
  expect(isWithin(address, "10.1.0.0", 16)).toBe(true);
  expect(isWithin(address, "10.1.128.0", 17)).toBe(true);
  expect(isWithin(address, "10.1.0.0", 17)).toBe(false);
  expect(isWithin(address, "0.0.0.0", 0)).toBe(true);
  expect(isWithin(address, "::", 0)).toBe(false);
});
