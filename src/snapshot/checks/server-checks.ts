// Addresses and sizes of `server:`.

import { isWithin, parseAddress } from "#core/network-address.ts";
import { isBindable, parseListenAddress } from "../listen-address.ts";
import type { ListenAddress } from "../snapshot.ts";
import type { CheckContext } from "./check-context.ts";

const WILDCARD_HOSTS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Checks the `server` section. */
export function checkServer(context: CheckContext): void {
  const { server } = context.document;
  checkAddress("listen", server.listen, context);
  if (server.admin_listen !== undefined) {
    checkAddress("admin_listen", server.admin_listen, context);
    if (isSamePlace(parseListenAddress(server.listen), parseListenAddress(server.admin_listen))) {
      context.errors.atValue(["server", "admin_listen"], {
        code: "conflict",
        message: "`server.admin_listen` is the address of `server.listen`.",
        hint: "Choose another port, or remove it to serve both on one address.",
      });
    }
  }
  if (server.max_inflight_mb < server.max_body_mb) {
    context.errors.atValue(["server", "max_inflight_mb"], {
      code: "conflict",
      message:
        "`server.max_inflight_mb` is smaller than `server.max_body_mb`: the largest body would never fit.",
      hint: "Raise the one or lower the other.",
    });
  }
  for (const [index, proxy] of server.trusted_proxies.entries()) {
    if (isNetwork(proxy)) continue;
    context.errors.atValue(["server", "trusted_proxies", index], {
      code: "invalid_value",
      message: `\`server.trusted_proxies[${index}]\` is neither an IP address nor a CIDR range.`,
      hint: "Write `10.0.0.7` or `10.0.0.0/8`.",
    });
  }
}

function checkAddress(name: string, text: string, context: CheckContext): void {
  if (isBindable(parseListenAddress(text))) return;
  context.errors.atValue(["server", name], {
    code: "invalid_value",
    message: `\`server.${name}\` is not an address that can be listened on.`,
    hint: "Ports go up to 65535; IPv6 addresses stand in brackets: `[::1]:8080`.",
  });
}

function isSamePlace(left: ListenAddress, right: ListenAddress): boolean {
  if (left.port !== right.port || left.port === 0) return false;
  return (
    left.host === right.host || WILDCARD_HOSTS.has(left.host) || WILDCARD_HOSTS.has(right.host)
  );
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === undefined || rest.length > 0) return false;
  if (bits === undefined) return true;
  return (
    /^\d{1,3}$/.test(bits) &&
    Number(bits) <= bytes.length * 8 &&
    isWithin(bytes, address, Number(bits))
  );
}
