// Writes a reply byte by byte as a behaviour wants it, wrong ones included.

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { bytesOf } from "./bytes.ts";
import type { HeaderPair } from "./request-reader.ts";

/** How the end of a body is told: by chunks, by a length (true or not), by closing, or not at all. */
export type Framing =
  | { readonly by: "chunks" }
  | { readonly by: "length"; readonly length: number }
  | { readonly by: "close" };

/** What ended an exchange: a whole reply, the other side leaving, or this side cutting. */
export type ExchangeEnd = "complete" | "client" | "server";

/** One reply on one socket. Every write resolves when the system took the bytes. */
export class ReplyWriter {
  readonly #socket: Socket;
  readonly #ended = Promise.withResolvers<ExchangeEnd>();
  #framing: Framing = { by: "close" };
  #end: ExchangeEnd | undefined;
  #bytesSent = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves once, with what ended the exchange. */
  get ended(): Promise<ExchangeEnd> {
    return this.#ended.promise;
  }

  /** Undefined while the exchange is open. */
  get end(): ExchangeEnd | undefined {
    return this.#end;
  }

  /** Bytes handed to the system so far, head included. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** True when nothing that is written will arrive any more. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** Writes the status line and headers; the framing header is added to those given. */
  async head(status: number, headers: readonly HeaderPair[], framing: Framing): Promise<void> {
    this.#framing = framing;
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
    if (framing.by === "chunks") lines.push("transfer-encoding: chunked\r\n");
    if (framing.by === "length") lines.push(`content-length: ${framing.length}\r\n`);
    if (framing.by === "close") lines.push("connection: close\r\n");
    await this.raw(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n${lines.join("")}\r\n`,
    );
  }

  /** Writes body bytes in the framing of the head. */
  async write(piece: Uint8Array | string): Promise<void> {
    const bytes = typeof piece === "string" ? bytesOf(piece) : piece;
    if (bytes.length === 0) return;
    if (this.#framing.by !== "chunks") return this.raw(bytes);
    const size = bytesOf(`${bytes.length.toString(16)}\r\n`);
    const framed = new Uint8Array(size.length + bytes.length + 2);
    framed.set(size);
    framed.set(bytes, size.length);
    framed.set([13, 10], size.length + bytes.length);
    return this.raw(framed);
  }

  /** Writes bytes as they are, without framing. Waits while the other side takes nothing. */
  async raw(piece: Uint8Array | string): Promise<void> {
    if (this.isOver || this.#socket.destroyed) return;
    const bytes = typeof piece === "string" ? bytesOf(piece) : piece;
    this.#bytesSent += bytes.length;
    if (this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const proceed = () => {
        this.#socket.off("drain", proceed);
        this.#socket.off("close", proceed);
        resolve();
      };
      this.#socket.on("drain", proceed);
      this.#socket.on("close", proceed);
    });
  }

  /** Ends the reply as its framing says. The connection stays open unless the framing closes it. */
  async finish(): Promise<void> {
    if (this.#framing.by === "chunks") await this.raw("0\r\n\r\n");
    this.settle("complete");
    if (this.#framing.by === "close") this.#socket.end();
  }

  /** Closes the connection in the middle of the reply, after what was written has left. */
  async cut(): Promise<void> {
    await this.#flushed();
    this.settle("server");
    this.#socket.destroy();
  }

  /** Resets the connection. */
  reset(): void {
    this.settle("server");
    this.#socket.resetAndDestroy();
  }

  /** Records what ended the exchange. The first one counts. */
  settle(end: ExchangeEnd): void {
    this.#end ??= end;
    this.#ended.resolve(this.#end);
  }

  #flushed(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.write(new Uint8Array(0), () => resolve());
    });
  }
}
