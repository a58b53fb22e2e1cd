// Many open streams at once: counts their events and the gaps between their chunks.

import type { Socket } from "bun";
import { callBytes } from "./call.ts";
import type { Contender } from "./contenders.ts";

const EVENT_MARK = Buffer.from('"content":');
const OPEN_LIMIT_MS = 60_000;
const CONNECTS_AT_ONCE = 100;

interface Listener {
  isOpen: boolean;
  lastAt: number;
}

/** A gap between two chunks of one stream. */
export interface Gap {
  readonly endedAt: number;
  readonly ms: number;
}

/** Open streams of one contender. */
export class StreamLoad {
  events = 0;
  /** Set to collect gaps; undefined costs nothing. */
  gaps: Gap[] | undefined;
  readonly #to: Contender;
  readonly #sockets: Socket<Listener>[] = [];
  #openCount = 0;
  #isClosing = false;
  #failure: Error | undefined;

  constructor(to: Contender) {
    this.#to = to;
  }

  /** Opens streams and resolves when each has had its first event. */
  async open(count: number, model: string): Promise<void> {
    const call = callBytes(this.#to, model, true);
    for (let left = count; left > 0; left -= CONNECTS_AT_ONCE) {
      const batch = Math.min(left, CONNECTS_AT_ONCE);
      const opened = await Promise.all(Array.from({ length: batch }, () => this.#connect()));
      for (const socket of opened) socket.write(call);
      await this.#untilOpen(this.#sockets.length);
    }
  }

  /** @throws Error when a stream ended or broke meanwhile */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Closes every stream. */
  close(): void {
    this.#isClosing = true;
    for (const socket of this.#sockets) socket.terminate();
  }

  async #connect(): Promise<Socket<Listener>> {
    const socket = await Bun.connect<Listener>({
      hostname: this.#to.host,
      port: this.#to.port,
      data: { isOpen: false, lastAt: 0 },
      socket: {
        data: (each, bytes) => this.#take(each, bytes),
        close: () => {
          if (!this.#isClosing) this.#failure = new Error(`${this.#to.name} closed a stream.`);
        },
      },
    });
    socket.setNoDelay(true);
    this.#sockets.push(socket);
    return socket;
  }

  #take(socket: Socket<Listener>, bytes: Buffer): void {
    const listener = socket.data;
    let found = 0;
    for (let at = bytes.indexOf(EVENT_MARK); at >= 0; at = bytes.indexOf(EVENT_MARK, at + 1))
      found += 1;
    this.events += found;
    if (!listener.isOpen) {
      if (!bytes.subarray(0, 12).equals(Buffer.from("HTTP/1.1 200")) && listener.lastAt === 0)
        this.#failure = new Error(`${this.#to.name} refused: ${bytes.toString("latin1", 0, 400)}`);
      listener.isOpen = found > 0;
      if (listener.isOpen) this.#openCount += 1;
    }
    const now = performance.now();
    if (this.gaps !== undefined && listener.lastAt !== 0)
      this.gaps.push({ endedAt: now, ms: now - listener.lastAt });
    listener.lastAt = now;
  }

  async #untilOpen(count: number): Promise<void> {
    const since = performance.now();
    while (this.#openCount < count) {
      this.check();
      if (performance.now() - since > OPEN_LIMIT_MS)
        throw new Error(`${this.#to.name} opened ${this.#openCount} of ${count} streams.`);
      await Bun.sleep(1);
    }
  }
}
