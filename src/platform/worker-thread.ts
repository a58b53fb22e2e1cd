// A worker thread that answers requests: one message out, one reply back, errors carried whole.

import { type ErrorCode, type ErrorExtras, GatewayError } from "#core/errors.ts";

/** What crosses the thread border. Values must be structured-clonable. */
interface RequestMessage {
  readonly id: number;
  readonly body: unknown;
}

type ReplyMessage =
  | { readonly id: number; readonly kind: "result"; readonly result: unknown }
  | { readonly id: number; readonly kind: "refused"; readonly error: ClonedGatewayError }
  | { readonly id: number; readonly kind: "failed"; readonly error: ClonedError };

interface ClonedGatewayError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly extras: ErrorExtras;
}

interface ClonedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** The thread ended while a request was open, or had ended before. The request may have been done. */
export class WorkerGone extends Error {
  /** @param reason for people: the error that ended the thread, or its exit code */
  constructor(workerName: string, reason: string) {
    super(`The worker thread ${workerName} is gone: ${reason}`);
    this.name = "WorkerGone";
  }
}

/** The main thread's end of a worker. */
export interface WorkerThread {
  /**
   * Sends one request and waits for its reply. Requests are handed over in order; replies may
   * overtake each other when the worker's handler waits.
   * @param transfer buffers that are handed over instead of copied
   * @throws GatewayError as the handler threw it; Error for anything else it threw; WorkerGone
   */
  request(body: unknown, transfer?: readonly ArrayBuffer[]): Promise<unknown>;
  /** Ends the thread at once; open requests fail with WorkerGone. Does not call `onGone`. */
  stop(): void;
}

/** What a worker is started with. */
export interface WorkerOptions {
  /** For error messages. */
  readonly name: string;
  /** A module that calls `answerRequests`. */
  readonly entry: URL;
  /** Called once when the thread ends by itself: a fault nobody caught, or an exit. */
  readonly onGone: (error: WorkerGone) => void;
}

interface OpenRequest {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a worker thread. Requests may be sent at once; they wait until its module has loaded. */
export function startWorker(options: WorkerOptions): WorkerThread {
  const worker = new Worker(options.entry, { name: options.name, smol: true });
  const open = new Map<number, OpenRequest>();
  let gone: WorkerGone | undefined;
  let lastId = 0;

  function end(reason: string): boolean {
    if (gone !== undefined) return false;
    gone = new WorkerGone(options.name, reason);
    for (const request of open.values()) request.reject(gone);
    open.clear();
    return true;
  }
  function endByItself(reason: string): void {
    if (end(reason) && gone !== undefined) options.onGone(gone);
  }

  worker.addEventListener("message", (event: MessageEvent<ReplyMessage>) => {
    const reply = event.data;
    const request = open.get(reply.id);
    open.delete(reply.id);
    if (request === undefined) return;
    if (reply.kind === "result") request.resolve(reply.result);
    else request.reject(toError(reply));
  });
  worker.addEventListener("error", (event: ErrorEvent) => {
    event.preventDefault();
    endByItself(event.message.split("\n", 1)[0] ?? "");
    worker.terminate();
  });
  worker.addEventListener("close", () => endByItself("it exited"));

  return {
    request(body, transfer = []) {
      if (gone !== undefined) return Promise.reject(gone);
      lastId += 1;
      const message: RequestMessage = { id: lastId, body };
      return new Promise((resolve, reject) => {
        worker.postMessage(message, [...transfer]);
        open.set(message.id, { resolve, reject });
      });
    },
    stop() {
      end("it was stopped");
      worker.terminate();
    },
  };
}

/**
 * Called once by a worker's module: answers each request with what the handler returns or throws.
 * @param handle may return a promise
 */
export function answerRequests(handle: (body: unknown) => unknown): void {
  const scope = globalThis as unknown as WorkerScope;
  scope.addEventListener("message", (event) => {
    const { id, body } = event.data;
    answer(handle, body)
      .then((result) => scope.postMessage({ id, kind: "result", result }))
      .catch((error: unknown) => scope.postMessage({ id, ...cloned(error) }));
  });
}

/** The part of a worker's global scope that is used here; the DOM's types describe a window. */
interface WorkerScope {
  addEventListener(
    type: "message",
    listener: (event: { readonly data: RequestMessage }) => void,
  ): void;
  postMessage(message: ReplyMessage): void;
}

/** What the handler throws at once and what it rejects with are the same. */
async function answer(handle: (body: unknown) => unknown, body: unknown): Promise<unknown> {
  return await handle(body);
}

function cloned(thrown: unknown) {
  if (thrown instanceof GatewayError) {
    const { cause: _, ...extras } = thrown.extras;
    const error = { code: thrown.code, message: thrown.message, extras };
    return { kind: "refused", error } as const;
  }
  const error =
    thrown instanceof Error
      ? { name: thrown.name, message: thrown.message, stack: thrown.stack ?? "" }
      : { name: "Error", message: String(thrown), stack: "" };
  return { kind: "failed", error } as const;
}

function toError(reply: Exclude<ReplyMessage, { kind: "result" }>): Error {
  if (reply.kind === "refused") {
    return new GatewayError(reply.error.code, reply.error.message, reply.error.extras);
  }
  const error = new Error(reply.error.message);
  error.name = reply.error.name;
  error.stack = reply.error.stack;
  return error;
}
