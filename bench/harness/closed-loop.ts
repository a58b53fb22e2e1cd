// Closed loop: a fixed number of connections, each sending its next call when its reply is whole.

import type { Socket } from "bun";
import { callBytes } from "./call.ts";
import type { Contender } from "./contenders.ts";
import { WHOLE } from "./models.ts";
import { ReplyReader } from "./reply-reader.ts";

export interface LoopEnd {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
}

/** When a loop is over: after a time or after a number of requests. */
export type LoopLimit = { readonly seconds: number } | { readonly requests: number };

/** Runs the loop and closes its connections. */
export async function closedLoop(
  to: Contender,
  connections: number,
  limit: LoopLimit,
): Promise<LoopEnd> {
  const call = callBytes(to, WHOLE, false);
  const wanted = "requests" in limit ? limit.requests : Number.POSITIVE_INFINITY;
  let requests = 0;
  let failures = 0;
  let isOver = false;
  const over = Promise.withResolvers<void>();
  const end = () => {
    isOver = true;
    over.resolve();
  };
  const socketHandler = {
    open: (socket: Socket<ReplyReader>) => {
      socket.setNoDelay(true);
      socket.write(call);
    },
    data: (socket: Socket<ReplyReader>, bytes: Buffer) => {
      if (isOver || !socket.data.take(bytes)) return;
      requests += 1;
      if (socket.data.status !== 200) failures += 1;
      if (requests >= wanted) end();
      else socket.write(call);
    },
    close: () => {
      if (isOver) return;
      over.reject(new Error(`${to.name} closed a connection amid the load.`));
    },
  };
  const startedAt = performance.now();
  const sockets = await Promise.all(
    Array.from({ length: connections }, () =>
      Bun.connect<ReplyReader>({
        hostname: to.host,
        port: to.port,
        data: new ReplyReader(),
        socket: socketHandler,
      }),
    ),
  );
  const timer = "seconds" in limit ? setTimeout(end, limit.seconds * 1000) : undefined;
  try {
    await over.promise;
  } finally {
    isOver = true;
    clearTimeout(timer);
    for (const socket of sockets) socket.end();
  }
  return { requests, failures, seconds: (performance.now() - startedAt) / 1000 };
}
