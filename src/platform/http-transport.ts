// The way out over HTTP/1.1, on connections of our own: each is to an address that was checked, within a
// deadline; replies are read as they are, never redirected, inflated or asked for twice.

import type { Clock } from "#core/ports/clock.ts";
import {
  type Transport,
  TransportError,
  type UpstreamReply,
  type UpstreamRequest,
} from "#core/ports/transport.ts";
import type { Connection } from "./http/connection.ts";
import { dial } from "./http/dial.ts";
import { IdleConnections } from "./http/idle-connections.ts";
import { type Origin, splitUrl } from "./http/origin.ts";
import { requestHead } from "./http/request-head.ts";

/**
 * A transport over HTTP/1.1, with and without TLS.
 * @param allowsPrivate whether an origin may have a private or loopback address
 */
export function createHttpTransport(
  clock: Clock,
  allowsPrivate: (origin: string) => boolean,
): Transport {
  const idle = new IdleConnections(clock);

  /** One that is still allowed: what a document permits may have changed since it was made. */
  const reused = (origin: Origin): Connection | undefined => {
    const connection = idle.take(origin.name);
    if (connection?.isPrivate !== true || allowsPrivate(origin.name)) return connection;
    connection.destroy();
    return undefined;
  };

  const dialled = (origin: Origin, timeoutMs: number) =>
    dial(origin, timeoutMs, {
      clock,
      allowsPrivate,
      onIdle: (connection) => idle.put(origin.name, connection),
    });

  return {
    async send(request: UpstreamRequest): Promise<UpstreamReply> {
      const { origin, target } = splitUrl(request.url);
      const { method, headers, body, signal } = request;
      const head = requestHead({ method, target, host: origin.authority }, headers, sizeOf(body));
      let connection = reused(origin);
      if (connection === undefined) {
        connection = await unlessAborted(dialled(origin, request.connectTimeoutMs), signal);
      }
      if (signal.aborted) {
        idle.put(origin.name, connection);
        throw aborted();
      }
      const trip = connection.send(head, body);
      signal.addEventListener("abort", () => trip.abort());
      return trip.opened;
    },
  };
}

/** Undefined for a body whose length nobody knows. */
function sizeOf(body: UpstreamRequest["body"]): number | undefined {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Blob ? body.size : body.length;
}

/** A connection that nobody waits for any more is made all the same, and closed. */
function unlessAborted(
  dialling: Promise<Connection>,
  signal: UpstreamRequest["signal"],
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let isAborted = signal.aborted;
    const abort = () => {
      isAborted = true;
      reject(aborted());
    };
    if (isAborted) abort();
    else signal.addEventListener("abort", abort);
    dialling.then((connection) => {
      if (isAborted) connection.destroy();
      else resolve(connection);
    }, reject);
  });
}

function aborted(): TransportError {
  return new TransportError("aborted", "The attempt was ended.");
}
