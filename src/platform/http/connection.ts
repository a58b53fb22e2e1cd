// One connection to an upstream, for one request at a time.

import { type Payload, TransportError } from "#core/ports/transport.ts";
import { isPassing, PassingPieces, type Pieces } from "./passing-pieces.ts";
import type { ReplyHead } from "./reply-head.ts";
import { RoundTrip, type Wire } from "./round-trip.ts";

/** What the runtime's socket can do, as far as it is needed here. */
export interface Socket {
  write(data: string | Uint8Array): number;
  pause(): void;
  resume(): void;
  terminate(): void;
}

/** A Blob is read and written in pieces of this size, one a turn of the event loop: streams go on beside it. */
const BLOB_PIECE_BYTES = 128 * 1024;
/** Texts up to this many code units are written in one go with their head. */
const SHORT_TEXT = 64 * 1024;

/** A connection while it lasts. */
export class Connection implements Wire {
  readonly #socket: Socket;
  readonly #onIdle: (connection: Connection) => void;
  /** Whether its address is one that only some origins may have. */
  readonly isPrivate: boolean;
  isClosed = false;
  /** Milliseconds for which the server keeps it while nothing happens; undefined when it does not say. */
  keepAliveMs: number | undefined;
  #trip: RoundTrip | undefined;
  #wasUsed = false;
  /** What the socket would not take yet. */
  #unwritten: Uint8Array | undefined;
  /** What comes after it. */
  #source: Pieces | undefined;

  /** @param onIdle told when another request may be sent */
  constructor(socket: Socket, isPrivate: boolean, onIdle: (connection: Connection) => void) {
    this.#socket = socket;
    this.isPrivate = isPrivate;
    this.#onIdle = onIdle;
  }

  /**
   * Sends a request.
   * @param head in ASCII, with its empty line
   * @throws TransportError through the promise, when no reply comes
   */
  send(head: string, body: Payload): RoundTrip {
    const trip = new RoundTrip(this, !this.#wasUsed);
    this.#wasUsed = true;
    this.#trip = trip;
    if (typeof body === "string" && body.length <= SHORT_TEXT) {
      this.#writeText(head + body);
    } else if (body instanceof Blob) {
      this.#source = new BlobPieces(body);
      this.#write(Buffer.from(head));
    } else if (isPassing(body)) {
      this.#source = new PassingPieces(body);
      this.#write(Buffer.from(head));
    } else {
      const bytes = typeof body === "string" ? Buffer.from(body) : body;
      this.#write(Buffer.concat([Buffer.from(head), bytes]));
    }
    return trip;
  }

  /** Bytes came. */
  push(bytes: Buffer): void {
    // An upstream that speaks unasked has nothing to say to the next caller.
    if (this.#trip === undefined) this.destroy();
    else this.#trip.push(bytes);
  }

  /** The socket takes bytes again. */
  drained(): void {
    const unwritten = this.#unwritten;
    this.#unwritten = undefined;
    if (unwritten !== undefined) this.#write(unwritten);
    else this.#pump();
  }

  /** The other side, or the network, has closed it. */
  closed(error: Error | undefined): void {
    this.isClosed = true;
    const trip = this.#trip;
    this.#forget();
    trip?.closed(error);
  }

  finished({ isPersistent, keepAliveSeconds }: ReplyHead): void {
    const isWritten = this.#unwritten === undefined && this.#source === undefined;
    this.#forget();
    // A reply that came before the request was out leaves the rest of it on the connection.
    if (keepAliveSeconds !== undefined) this.keepAliveMs = keepAliveSeconds * 1000;
    if (!isPersistent || !isWritten) this.destroy();
    else if (!this.isClosed) this.#onIdle(this);
  }

  destroy(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const trip = this.#trip;
    this.#forget();
    this.#socket.terminate();
    trip?.failed(new TransportError("aborted", "The attempt was ended."));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.isClosed) this.#socket.resume();
  }

  #forget(): void {
    this.#trip = undefined;
    this.#unwritten = undefined;
    this.#source = undefined;
  }

  #writeText(text: string): void {
    const written = this.#socket.write(text);
    if (written < text.length || written < Buffer.byteLength(text))
      this.#kept(Buffer.from(text), written);
  }

  #write(bytes: Uint8Array): void {
    const written = this.#socket.write(bytes);
    if (written < bytes.length) this.#kept(bytes, written);
    else this.#pump();
  }

  #kept(bytes: Uint8Array, written: number): void {
    this.#unwritten = bytes.subarray(Math.max(0, written));
  }

  /** Writes the next piece once it has been read. */
  #pump(): void {
    const source = this.#source;
    if (source === undefined || source.isReading) return;
    if (source.isOver) {
      this.#source = undefined;
      return;
    }
    source.next().then(
      (piece) => {
        if (this.#source === source && !this.isClosed) this.#write(piece);
      },
      () => this.destroy(),
    );
  }
}

/** A Blob from its beginning to its end. */
class BlobPieces implements Pieces {
  readonly #blob: Blob;
  #at = 0;
  isReading = false;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  get isOver(): boolean {
    return this.#at >= this.#blob.size;
  }

  async next(): Promise<Uint8Array> {
    this.isReading = true;
    const piece = this.#blob.slice(this.#at, this.#at + BLOB_PIECE_BYTES);
    const bytes = new Uint8Array(await piece.arrayBuffer());
    this.#at += bytes.length;
    // A Blob is there at once: without a pause all of it would go out in one turn.
    await new Promise((resolve) => setImmediate(resolve));
    this.isReading = false;
    return bytes;
  }
}
