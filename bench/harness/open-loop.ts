// Open loop: calls leave at their time whether or not earlier ones have been answered.

import type { Socket } from "bun";
import { callBytes } from "./call.ts";
import type { Contender } from "./contenders.ts";
import { WHOLE } from "./models.ts";
import { ReplyReader } from "./reply-reader.ts";

const FIRST_CONNECTIONS = 16;
const LAST_REPLIES_LIMIT_MS = 5000;

class Line {
  readonly reader = new ReplyReader();
  sentAt = 0;
}

/** Latencies in milliseconds of every call, in the order of the replies. */
export async function openLoop(
  to: Contender,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const call = callBytes(to, WHOLE, false);
  const latencies: number[] = [];
  const idle: Socket<Line>[] = [];
  const all: Socket<Line>[] = [];
  const wanted = perSecond * seconds;
  const done = Promise.withResolvers<void>();
  const handler = {
    data: (socket: Socket<Line>, bytes: Buffer) => {
      if (!socket.data.reader.take(bytes)) return;
      latencies.push(performance.now() - socket.data.sentAt);
      if (socket.data.reader.status !== 200)
        done.reject(new Error(`${to.name} answered ${socket.data.reader.status}.`));
      idle.push(socket);
      if (latencies.length === wanted) done.resolve();
    },
  };
  const connectOne = async () => {
    const target = { hostname: to.host, port: to.port, data: new Line(), socket: handler };
    const socket = await Bun.connect<Line>(target);
    socket.setNoDelay(true);
    all.push(socket);
    return socket;
  };
  const send = (socket: Socket<Line>) => {
    socket.data.sentAt = performance.now();
    socket.write(call);
  };
  for (let each = 0; each < FIRST_CONNECTIONS; each += 1) idle.push(await connectOne());
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(wanted, ((performance.now() - startedAt) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      const free = idle.shift();
      if (free !== undefined) send(free);
      else void connectOne().then(send, done.reject);
    }
  }, 1);
  const limit = setTimeout(
    () => done.reject(new Error(`${to.name} left calls unanswered.`)),
    seconds * 1000 + LAST_REPLIES_LIMIT_MS,
  );
  try {
    await done.promise;
  } finally {
    clearInterval(timer);
    clearTimeout(limit);
    for (const socket of all) socket.end();
  }
  return latencies;
}
