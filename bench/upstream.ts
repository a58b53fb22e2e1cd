// An instant upstream as cheap as it can be: raw sockets, replies made beforehand. It shares a core
// with the load generator, so every microsecond here is one that the load cannot use.

import type { Socket } from "bun";
import { isPaced, paceOf } from "./harness/models.ts";

const HEAD_END = Buffer.from("\r\n\r\n");
const MODEL_MARK = Buffer.from('"model":"');
const ERROR_BYTES = 200_000_000;
const ERROR_PIECE = Buffer.alloc(256 * 1024, "x");

const usage = { prompt_tokens: 240, completion_tokens: 60, total_tokens: 300 };

const WHOLE_BODY = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_760_000_000,
  model: "whole",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Sixty tokens of answer. ".repeat(12), refusal: null },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: { ...usage, prompt_tokens_details: { cached_tokens: 128, audio_tokens: 0 } },
  service_tier: "default",
});

const WHOLE = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${WHOLE_BODY.length}\r\n\r\n${WHOLE_BODY}`,
);
const STREAM_HEAD = Buffer.from(
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n",
);
const ERROR_HEAD = Buffer.from(
  `HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\ncontent-length: ${ERROR_BYTES}\r\n\r\n`,
);

function chunk(value: unknown): string {
  const event = `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

function streamChunk(delta: object, finish: string | null, extra: object = {}): string {
  return chunk({
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1_760_000_000,
    model: "paced",
    service_tier: "default",
    system_fingerprint: "fp_bench",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...extra,
  });
}

const STREAM_EVENT = Buffer.from(streamChunk({ content: " token" }, null));
const STREAM_END = Buffer.from(
  `${streamChunk({}, "stop")}${streamChunk({}, null, { choices: [], usage })}${chunk("[DONE]")}0\r\n\r\n`,
);

interface Connection {
  /** Bytes that came and were not used yet; only while a head or a small body is incomplete. */
  pending: Buffer | undefined;
  /** Body bytes of the present request that are still to come. */
  bodyLeft: number;
  model: string;
  /** Bytes of the 200 MB error that still have to be written. */
  errorLeft: number;
  stream: PacedStream | undefined;
}

interface PacedStream {
  readonly socket: Socket<Connection>;
  readonly intervalMs: number;
  nextAt: number;
  eventsLeft: number;
}

const streams = new Set<PacedStream>();

function startStream(socket: Socket<Connection>, model: string): void {
  const { intervalMs, events } = paceOf(model);
  // Spread over the interval, so that streams do not tick together.
  const phase = (streams.size * 7) % intervalMs;
  const nextAt = performance.now() + phase;
  const stream = { socket, intervalMs, nextAt, eventsLeft: events };
  socket.data.stream = stream;
  streams.add(stream);
  socket.write(STREAM_HEAD);
  socket.write(STREAM_EVENT);
}

setInterval(() => {
  const now = performance.now();
  for (const stream of streams) {
    if (stream.nextAt > now) continue;
    stream.nextAt += stream.intervalMs;
    stream.eventsLeft -= 1;
    if (stream.eventsLeft > 0) {
      stream.socket.write(STREAM_EVENT);
      continue;
    }
    streams.delete(stream);
    stream.socket.data.stream = undefined;
    stream.socket.write(STREAM_END);
  }
}, 1);

function pumpError(socket: Socket<Connection>): void {
  while (socket.data.errorLeft > 0) {
    const left = socket.data.errorLeft;
    const piece = left < ERROR_PIECE.length ? ERROR_PIECE.subarray(0, left) : ERROR_PIECE;
    const written = socket.write(piece);
    if (written < 0) return;
    socket.data.errorLeft -= written;
    if (written < piece.length) return;
  }
}

function reply(socket: Socket<Connection>): void {
  const { model } = socket.data;
  if (isPaced(model)) {
    startStream(socket, model);
  } else if (model === "error") {
    socket.data.errorLeft = ERROR_BYTES;
    socket.write(ERROR_HEAD);
    pumpError(socket);
  } else {
    socket.write(WHOLE);
  }
}

function lengthIn(head: string): number {
  return Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

function modelIn(body: Buffer): string {
  const start = body.indexOf(MODEL_MARK);
  if (start < 0) return "";
  const from = start + MODEL_MARK.length;
  return body.toString("latin1", from, body.indexOf(34, from));
}

function take(socket: Socket<Connection>, bytes: Buffer): void {
  const connection = socket.data;
  if (connection.bodyLeft > 0) {
    connection.bodyLeft -= bytes.length;
    if (connection.bodyLeft <= 0) reply(socket);
    return;
  }
  const known =
    connection.pending === undefined ? bytes : Buffer.concat([connection.pending, bytes]);
  const end = known.indexOf(HEAD_END);
  const length = end < 0 ? 0 : lengthIn(known.toString("latin1", 0, end));
  const body = end < 0 ? undefined : known.subarray(end + HEAD_END.length);
  // The model stands at the front: a kilobyte of body is enough to know it.
  if (body === undefined || body.length < Math.min(length, 1024)) {
    connection.pending = Buffer.from(known);
    return;
  }
  connection.pending = undefined;
  connection.model = modelIn(body);
  connection.bodyLeft = length - body.length;
  if (connection.bodyLeft <= 0) reply(socket);
}

const server = Bun.listen<Connection>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { pending: undefined, bodyLeft: 0, model: "", errorLeft: 0, stream: undefined };
      socket.setNoDelay(true);
    },
    data: take,
    drain: pumpError,
    close(socket) {
      if (socket.data.stream !== undefined) streams.delete(socket.data.stream);
    },
    error() {
      // The proxy resets connections that it has read enough of; `close` follows.
    },
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);
