// Is an origin allowed and does it accept connections? The runtime's fetch can tell neither in time: it
// has no connect timeout and shows no resolved address. So each origin is looked up and connected to
// once in a while, before a request goes there.

import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { networkClassOf } from "#core/network-address.ts";
import type { Clock } from "#core/ports/clock.ts";
import { TransportError } from "#core/ports/transport.ts";

/** How long a look stays good. */
const GOOD_FOR_MS = 10_000;
const MOST_ORIGINS = 1_000;

/** Looks at origins before requests go there. */
export class Reachability {
  readonly #clock: Clock;
  readonly #allowsPrivate: (origin: string) => boolean;
  /** Origin -> until when the last look is good, on the monotonic clock. */
  readonly #goodUntil = new Map<string, number>();
  readonly #looking = new Map<string, Promise<void>>();

  constructor(clock: Clock, allowsPrivate: (origin: string) => boolean) {
    this.#clock = clock;
    this.#allowsPrivate = allowsPrivate;
  }

  /**
   * @returns undefined when the last look is still good: the usual case, which must cost nothing
   * @throws TransportError `forbidden_address`, `connect_failed` or `connect_timeout`
   */
  ensure(url: string, timeoutMs: number): Promise<void> | undefined {
    const origin = originOf(url);
    const goodUntil = this.#goodUntil.get(origin);
    if (goodUntil !== undefined && this.#clock.monotonic() < goodUntil) return undefined;
    const under = this.#looking.get(origin);
    if (under !== undefined) return under;
    const look = this.#look(origin, timeoutMs).finally(() => this.#looking.delete(origin));
    this.#looking.set(origin, look);
    return look;
  }

  /** A request failed before its reply: look again before the next one. */
  doubt(url: string): void {
    this.#goodUntil.delete(originOf(url));
  }

  async #look(origin: string, timeoutMs: number): Promise<void> {
    const url = new URL(origin);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    const startedMs = this.#clock.monotonic();
    const addresses = await within(this.#clock, timeoutMs, lookup(host, { all: true }));
    for (const { address } of addresses) {
      if (isForbiddenAddress(address, this.#allowsPrivate(origin))) {
        throw new TransportError(
          "forbidden_address",
          "The provider's address is in a range that is never called.",
        );
      }
    }
    const leftMs = Math.max(1, timeoutMs - (this.#clock.monotonic() - startedMs));
    await knock(host, port, leftMs);
    if (this.#goodUntil.size >= MOST_ORIGINS) this.#goodUntil.clear();
    this.#goodUntil.set(origin, this.#clock.monotonic() + GOOD_FOR_MS);
  }
}

/** Link-local and metadata addresses are never called; private ones where the operator says so. */
function isForbiddenAddress(address: string, allowsPrivate: boolean): boolean {
  switch (networkClassOf(address)) {
    case "public":
      return false;
    case "private":
    case "loopback":
      return !allowsPrivate;
    default:
      return true;
  }
}

function originOf(url: string): string {
  const end = url.indexOf("/", url.indexOf("://") + 3);
  return end === -1 ? url : url.slice(0, end);
}

/** Opens a connection and closes it at once. */
function knock(host: string, port: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      reject(
        new TransportError("connect_timeout", "The upstream did not accept a connection in time."),
      );
    });
    socket.once("error", (error) => {
      socket.destroy();
      reject(new TransportError("connect_failed", "The upstream refused the connection.", error));
    });
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}

function within<Value>(clock: Clock, timeoutMs: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () =>
      reject(
        new TransportError("connect_timeout", "The upstream's name was not resolved in time."),
      ),
    );
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(
          new TransportError("connect_failed", "The upstream's name cannot be resolved.", error),
        );
      },
    );
  });
}
