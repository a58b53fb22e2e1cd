// The way out over HTTP, by the runtime's fetch with its traps closed: no redirects, no inflating.

import type { Clock } from "#core/ports/clock.ts";
import {
  type Transport,
  TransportError,
  type UpstreamReply,
  type UpstreamRequest,
} from "#core/ports/transport.ts";
import { Reachability } from "./reachability.ts";

/**
 * A transport over HTTP/1.1.
 * @param allowsPrivate whether an origin may have a private or loopback address
 */
export function createFetchTransport(
  clock: Clock,
  allowsPrivate: (origin: string) => boolean,
): Transport {
  const reachability = new Reachability(clock, allowsPrivate);
  return {
    async send(request: UpstreamRequest): Promise<UpstreamReply> {
      const looking = reachability.ensure(request.url, request.connectTimeoutMs);
      if (looking !== undefined) await looking;
      try {
        return await fetch(request.url, {
          method: request.method,
          headers: request.headers,
          body: request.body as string,
          signal: request.signal,
          redirect: "manual",
          decompress: false,
        });
      } catch (error) {
        reachability.doubt(request.url);
        if (request.signal.aborted) {
          throw new TransportError("aborted", "The attempt was ended.", error);
        }
        throw new TransportError("connect_failed", "The connection to the upstream broke.", error);
      }
    },
  };
}
