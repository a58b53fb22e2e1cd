// An upstream of bare sockets, for what no HTTP server would let a test say.

import type { Socket } from "bun";

/** One connection as this side sees it. */
export interface RawConnection {
  /** Everything received so far, in Latin-1. */
  received: string;
  /** Bytes that this side could get rid of. */
  sent: number;
  readonly closed: Promise<void>;
  write(text: string | Uint8Array): number;
  end(): void;
  /** Reads no more until `resume`. */
  pause(): void;
  resume(): void;
}

/** What to do when bytes came. */
export type RawBehaviour = (connection: RawConnection, number: number) => void;

/** Listens on loopback. `behave` is called each time a connection has received something. */
export function rawUpstream(behave: RawBehaviour) {
  const connections: RawConnection[] = [];
  const ends = new WeakMap<RawConnection, () => void>();
  const server = Bun.listen<{ connection: RawConnection | undefined }>({
    hostname: "127.0.0.1",
    port: 0,
    data: { connection: undefined },
    socket: {
      open(socket) {
        const connection = opened(socket, ends);
        socket.data = { connection };
        connections.push(connection);
      },
      data(socket, bytes) {
        const { connection } = socket.data;
        if (connection === undefined) return;
        connection.received += bytes.toString("latin1");
        behave(connection, connections.indexOf(connection));
      },
      close(socket) {
        const { connection } = socket.data;
        if (connection !== undefined) ends.get(connection)?.();
      },
    },
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    port: server.port,
    connections,
    stop: () => server.stop(true),
  };
}

function opened(socket: Socket<unknown>, ends: WeakMap<RawConnection, () => void>): RawConnection {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection: RawConnection = {
    received: "",
    sent: 0,
    closed: promise,
    write(text) {
      const written = socket.write(text);
      connection.sent += Math.max(0, written);
      return written;
    },
    end: () => socket.end(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
  ends.set(connection, resolve);
  return connection;
}
