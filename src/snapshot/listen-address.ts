// Addresses to listen on: their form, their parts, and whether they can be bound.

import { parseAddress } from "#core/network-address.ts";
import type { ListenAddress } from "./snapshot.ts";

/** Form of an address to listen on: host and port, IPv6 in brackets. */
export const LISTEN_FORM = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/;

/** Splits `host:port`; brackets of IPv6 are taken off. The form has been checked. */
export function parseListenAddress(text: string): ListenAddress {
  const cut = text.lastIndexOf(":");
  return { host: text.slice(0, cut).replace(/^\[|\]$/g, ""), port: Number(text.slice(cut + 1)) };
}

/** Whether `text` is `host:port` that can be listened on, for addresses that no schema has checked. */
export function isListenAddress(text: string): boolean {
  return LISTEN_FORM.test(text) && isBindable(parseListenAddress(text));
}

/** Whether an address of the right form means something. */
export function isBindable({ host, port }: ListenAddress): boolean {
  const looksNumeric = host.includes(":") || /^[\d.]+$/.test(host);
  return port <= 65_535 && (!looksNumeric || parseAddress(host) !== undefined);
}
