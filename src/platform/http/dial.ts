// A new connection: the name resolved, every address checked, the first that answers taken, and for https
// its certificate. One deadline for all of it. What was checked is what is connected to.

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { networkClassOf } from "#core/network-address.ts";
import type { Clock } from "#core/ports/clock.ts";
import { TransportError } from "#core/ports/transport.ts";
import { Connection } from "./connection.ts";
import type { Origin } from "./origin.ts";

/** What dialling needs to know. */
export interface DialOptions {
  readonly clock: Clock;
  /** Whether this origin may have a private or loopback address. */
  readonly allowsPrivate: (origin: string) => boolean;
  /** Told each time the connection has nothing to do. */
  readonly onIdle: (connection: Connection) => void;
}

/** Seconds after which a silent peer is asked whether it is still there. */
const PROBE_AFTER_MS = 60_000;

/**
 * Connects.
 * @param timeoutMs for name, address and certificate together
 * @throws TransportError `forbidden_address`, `connect_failed` or `connect_timeout`
 */
export function dial(origin: Origin, timeoutMs: number, options: DialOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const dialling: Dialling = { isLate: false, socket: undefined };
    const cancel = options.clock.after(timeoutMs, () => {
      dialling.isLate = true;
      // One that was accepted and never shook hands would stay open for as long as its peer likes.
      dialling.socket?.terminate();
      const message = "The upstream did not accept a connection in time.";
      reject(new TransportError("connect_timeout", message));
    });
    connectFirst(origin, options, dialling).then(
      (connection) => {
        cancel();
        if (dialling.isLate) connection.destroy();
        else resolve(connection);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}

async function connectFirst(
  origin: Origin,
  options: DialOptions,
  dialling: Dialling,
): Promise<Connection> {
  const mayBePrivate = options.allowsPrivate(origin.name);
  const addresses = await resolved(origin.host);
  const classes = addresses.map(networkClassOf);
  if (classes.some((kind) => !isAllowed(kind, mayBePrivate))) {
    const message = "The provider's address is in a range that is never called.";
    throw new TransportError("forbidden_address", message);
  }
  let last: unknown;
  for (const [position, address] of addresses.entries()) {
    if (dialling.isLate) break;
    try {
      const isPrivate = classes[position] !== "public";
      return await connectTo(address, origin, { isPrivate, onIdle: options.onIdle, dialling });
    } catch (error) {
      last = error;
    }
  }
  if (last instanceof TransportError) throw last;
  throw new TransportError("connect_failed", "The upstream refused the connection.", last);
}

async function resolved(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (error) {
    throw new TransportError("connect_failed", "The upstream's name cannot be resolved.", error);
  }
}

/** Link-local and metadata addresses are never called; private ones where the operator says so. */
function isAllowed(kind: ReturnType<typeof networkClassOf>, mayBePrivate: boolean): boolean {
  return kind === "public" || (mayBePrivate && (kind === "private" || kind === "loopback"));
}

type State = { connection: Connection | undefined; fail: ((error: Error) => void) | undefined };
type RawSocket = Bun.Socket<State>;

/** What goes on until a connection is ready, or its time is over. */
interface Dialling {
  isLate: boolean;
  /** The one that is being made safe. */
  socket: RawSocket | undefined;
}

/** One set of callbacks for all sockets. */
const HANDLERS: Bun.SocketHandler<State> = {
  data(socket, bytes) {
    socket.data.connection?.push(bytes);
  },
  drain(socket) {
    socket.data.connection?.drained();
  },
  end(socket) {
    lost(socket, undefined);
    socket.terminate();
  },
  close(socket, error) {
    lost(socket, error);
  },
  error(socket, error) {
    lost(socket, error);
    socket.terminate();
  },
};

function lost(socket: RawSocket, error: Error | undefined): void {
  const { connection, fail } = socket.data;
  socket.data.connection = undefined;
  connection?.closed(error);
  fail?.(error ?? new Error("The upstream closed the connection."));
}

function connectTo(
  address: string,
  origin: Origin,
  wanted: Pick<DialOptions, "onIdle"> & {
    readonly isPrivate: boolean;
    readonly dialling: Dialling;
  },
): Promise<Connection> {
  const { isPrivate, onIdle, dialling } = wanted;
  return new Promise((resolve, reject) => {
    const data: State = { connection: undefined, fail: reject };
    const ready = (socket: RawSocket) => {
      data.fail = undefined;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, PROBE_AFTER_MS);
      data.connection = new Connection(socket, isPrivate, onIdle);
      resolve(data.connection);
    };
    const opened = (socket: RawSocket) => {
      dialling.socket = socket;
      if (dialling.isLate) socket.terminate();
    };
    const handlers = origin.isTls
      ? { ...HANDLERS, open: opened, handshake: verified(origin, ready) }
      : { ...HANDLERS, open: ready };
    const name = isIP(origin.host) === 0 ? { serverName: origin.host } : {};
    Bun.connect<State>({
      hostname: address,
      port: origin.port,
      data,
      socket: { ...handlers, connectError: (_socket, error) => reject(error) },
      ...(origin.isTls && {
        tls: { ...name, rejectUnauthorized: true, ALPNProtocols: "http/1.1" },
      }),
    }).catch(reject);
  });
}

/** Takes the connection once its certificate is one of this host, from somebody who is trusted. */
function verified(origin: Origin, ready: (socket: RawSocket) => void) {
  return (socket: RawSocket, _isTrusted: boolean, distrust: Error | null) => {
    const wrong = distrust ?? checkServerIdentity(origin.host, certificateOf(socket));
    if (wrong === undefined || wrong === null) {
      ready(socket);
      return;
    }
    const message = `No trusted TLS connection to the upstream could be made: ${wrong.message}`;
    socket.data.fail?.(new TransportError("connect_failed", message, wrong));
    socket.terminate();
  };
}

function certificateOf(socket: RawSocket): PeerCertificate {
  return (socket as unknown as { getPeerCertificate(): PeerCertificate }).getPeerCertificate();
}
