// The scripted upstream: a fake provider on a real loopback socket that answers as it is told and
// records what it sees. Nothing in it waits for a clock.

import { createServer, type Socket } from "node:net";
import type { Behaviour } from "./behaviour.ts";
import { answer } from "./behaviours/answer.ts";
import { type RecordedRequest, recordRequest } from "./recorded-request.ts";
import { ReplyWriter } from "./reply-writer.ts";
import { headerIn, RequestReader } from "./request-reader.ts";

/** Stands for every model that has no script of its own. */
export const ANY_MODEL = "*";

export interface Upstream {
  /** `http://127.0.0.1:port`, to which tests append what the provider's base URL needs. */
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
  /** Connections ever accepted. */
  readonly connections: number;
  /** Queues behaviours for the next requests of a model (or `ANY_MODEL`), one each, in this order. */
  script(model: string, ...behaviours: readonly Behaviour[]): void;
  /** Answers every request of a model (or `ANY_MODEL`) this way once its queue is empty. */
  always(model: string, behaviour: Behaviour): void;
  /** Resolves with request number `index` (from 0) as soon as it has arrived whole. */
  received(index: number): Promise<RecordedRequest>;
  /** Forgets recorded requests and scripts; open connections stay. */
  clear(): void;
  /** Closes every connection and the listener. */
  stop(): Promise<void>;
}

/** Starts an upstream that gives every request the default answer of its dialect. */
export async function startUpstream(): Promise<Upstream> {
  const upstream = new ScriptedUpstream();
  await upstream.listen();
  return upstream;
}

class ScriptedUpstream implements Upstream {
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #sockets = new Set<Socket>();
  readonly #queues = new Map<string, Behaviour[]>();
  readonly #standing = new Map<string, Behaviour>();
  readonly #waiting: { readonly index: number; resolve(request: RecordedRequest): void }[] = [];
  #requests: RecordedRequest[] = [];
  #connections = 0;
  #port = 0;

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  get connections(): number {
    return this.#connections;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        if (address !== null && typeof address === "object") this.#port = address.port;
        resolve();
      });
    });
  }

  script(model: string, ...behaviours: readonly Behaviour[]): void {
    this.#queues.set(model, [...(this.#queues.get(model) ?? []), ...behaviours]);
  }

  always(model: string, behaviour: Behaviour): void {
    this.#standing.set(model, behaviour);
  }

  received(index: number): Promise<RecordedRequest> {
    const request = this.#requests[index];
    if (request !== undefined) return Promise.resolve(request);
    return new Promise((resolve) => {
      this.#waiting.push({ index, resolve });
    });
  }

  clear(): void {
    this.#requests = [];
    this.#queues.clear();
    this.#standing.clear();
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #behaviourFor(model: string): Behaviour {
    return (
      this.#queues.get(model)?.shift() ??
      this.#standing.get(model) ??
      this.#queues.get(ANY_MODEL)?.shift() ??
      this.#standing.get(ANY_MODEL) ??
      answer()
    );
  }

  #accept(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const reader = new RequestReader();
    let current: ReplyWriter | undefined;
    const serveNext = () => {
      if (current !== undefined && !current.isOver) return;
      const raw = reader.next();
      if (raw === undefined) return;
      const reply = new ReplyWriter(socket);
      current = reply;
      const isLast = headerIn(raw.headers, "connection")?.toLowerCase() === "close";
      void reply.ended.then((end) => (isLast && end === "complete" ? socket.end() : serveNext()));
      this.#serve(recordRequest(this.#requests.length, raw, reply), reply);
    };
    socket.on("data", (bytes: Uint8Array) => {
      reader.push(bytes);
      serveNext();
    });
    socket.on("error", () => undefined);
    socket.on("end", () => current?.settle("client"));
    socket.on("close", () => {
      this.#sockets.delete(socket);
      current?.settle("client");
    });
  }

  #serve(request: RecordedRequest, reply: ReplyWriter): void {
    const behaviour = this.#behaviourFor(request.endpoint.model);
    this.#requests.push(request);
    for (const waiter of this.#waiting.splice(0)) {
      if (waiter.index === request.index) waiter.resolve(request);
      else this.#waiting.push(waiter);
    }
    // A behaviour that throws is a fault of the test; it must not look like a stall.
    void (async () => behaviour(request, reply))().catch((error: unknown) => {
      console.error("A behaviour of the scripted upstream threw:", error);
      reply.reset();
    });
  }
}
