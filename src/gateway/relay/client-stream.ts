// The client's end of a stream: its head, its back-pressure, its keep-alives, and its going away.

import type { Clock } from "#core/ports/clock.ts";
import type { Watch, Watched } from "../live/watch.ts";

/** What a client stream needs to know. */
export interface ClientStreamOptions {
  readonly clock: Clock;
  readonly watch: Watch;
  /** Silence after which a keep-alive is written, in milliseconds. */
  readonly keepAliveMs: number;
  readonly keepAlive: string;
  readonly contentType: string;
  /** Headers of a head that leaves before any target has answered. */
  readonly earlyHeaders: () => Record<string, string>;
  /** The client closed the connection. */
  readonly onGone: () => void;
}

const TEXT = new TextEncoder();

/** One stream to a client. */
export class ClientStream implements Watched {
  /** The response, as soon as its head is known. Never rejects. */
  readonly head: Promise<Response>;
  /** True once the head has left: from then on only frames can tell anything. */
  isHeadSent = false;
  isGone = false;
  /** True once anything but keep-alives was written. */
  hasWritten = false;

  readonly #options: ClientStreamOptions;
  readonly #resolveHead: (response: Response) => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #onDrained: (() => void) | undefined;
  #lastWrittenMs: number;

  constructor(options: ClientStreamOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.head = promise;
    this.#resolveHead = resolve;
    this.#lastWrittenMs = options.clock.monotonic();
    options.watch.add(this);
  }

  /** Sends the head with all that is known. Later calls do nothing. */
  sendHead(headers: Record<string, string>): void {
    if (this.isHeadSent) return;
    this.isHeadSent = true;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#drained(),
      cancel: () => this.gone(),
    });
    this.#resolveHead(
      new Response(body, {
        headers: {
          ...headers,
          "content-type": this.#options.contentType,
          "cache-control": "no-store",
          // Asks buffering proxies in between to let each event through at once.
          "x-accel-buffering": "no",
        },
      }),
    );
  }

  /** Answers with something else than a stream. Only before the head has left. */
  answer(response: Response): void {
    this.isHeadSent = true;
    this.#options.watch.remove(this);
    this.#resolveHead(response);
  }

  /**
   * Writes complete frames.
   * @returns a promise to wait for when the client is slower than the upstream
   */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const controller = this.#controller;
    if (controller === undefined || this.isGone) return undefined;
    if (bytes.length > 0) {
      this.#lastWrittenMs = this.#options.clock.monotonic();
      this.hasWritten = true;
      controller.enqueue(bytes);
    }
    if ((controller.desiredSize ?? 1) > 0) return undefined;
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  /** Ends the stream. */
  end(): void {
    this.#options.watch.remove(this);
    if (this.isGone) return;
    this.#controller?.close();
  }

  /** The client has left. */
  gone(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#options.watch.remove(this);
    this.#drained();
    this.#options.onGone();
  }

  /** Breaks a long silence. A keep-alive never commits: failover still works after it. */
  check(nowMs: number): void {
    if (nowMs - this.#lastWrittenMs < this.#options.keepAliveMs) return;
    if (!this.isHeadSent) this.sendHead(this.#options.earlyHeaders());
    const controller = this.#controller;
    // A client that does not read what it has needs no further signs of life.
    if (controller === undefined || (controller.desiredSize ?? 0) <= 0) return;
    this.#lastWrittenMs = nowMs;
    controller.enqueue(TEXT.encode(this.#options.keepAlive));
  }

  #drained(): void {
    const resolve = this.#onDrained;
    this.#onDrained = undefined;
    resolve?.();
  }
}
