// One request on a connection and its reply: bytes in, head and body out, with back-pressure.

import {
  type BodyPiece,
  type BodyReader,
  type BodySource,
  TransportError,
  type UpstreamReply,
} from "#core/ports/transport.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { LARGEST_HEAD_BYTES, MalformedHttp, parseReplyHead, type ReplyHead } from "./reply-head.ts";

const HEAD_END = Buffer.from("\r\n\r\n");
/** Beyond this many unread bytes the upstream is asked to wait. */
const MOST_UNREAD_BYTES = 256 * 1024;
const DONE: BodyPiece = Object.freeze({ done: true, value: undefined });

/** What a round trip needs of the connection it runs on. */
export interface Wire {
  /**
   * The reply is over.
   * @param head says whether another request may follow, and for how long the server waits for it
   */
  finished(head: ReplyHead): void;
  /** Closes at once. */
  destroy(): void;
  pause(): void;
  resume(): void;
}

/** One reply being received; its own body and reader. */
export class RoundTrip implements UpstreamReply, BodySource, BodyReader {
  /** Settles with the head; rejects with TransportError when there is none. */
  readonly opened: Promise<UpstreamReply>;
  readonly #wire: Wire;
  readonly #isFirst: boolean;
  readonly #resolve: (reply: UpstreamReply) => void;
  readonly #reject: (error: Error) => void;
  #head: ReplyHead | undefined;
  /** Bytes of a head that is not complete yet. */
  #beginning: Buffer | undefined;
  #chunked: ChunkedBody | undefined;
  #left = 0;
  #isOver = false;
  #fault: Error | undefined;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #isPaused = false;
  #waiting: PromiseWithResolvers<BodyPiece> | undefined;

  /** @param isFirst whether the connection was made for it */
  constructor(wire: Wire, isFirst: boolean) {
    this.#wire = wire;
    this.#isFirst = isFirst;
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
    this.opened = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get status(): number {
    return this.#needHead().status;
  }

  get headers(): ReplyHead["headers"] {
    return this.#needHead().headers;
  }

  get body(): BodySource | null {
    return this.#needHead().framing.kind === "none" ? null : this;
  }

  getReader(): BodyReader {
    return this;
  }

  read(): Promise<BodyPiece> {
    const value = this.#unread.shift();
    if (value !== undefined) {
      this.#unreadBytes -= value.length;
      if (this.#isPaused && this.#unreadBytes < MOST_UNREAD_BYTES) {
        this.#isPaused = false;
        this.#wire.resume();
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (this.#isOver) return Promise.resolve(DONE);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** The whole body. */
  bytes(): Promise<Uint8Array> {
    const [only] = this.#unread;
    const isAllThere = this.#isOver && this.#fault === undefined && this.#unread.length === 1;
    if (!isAllThere || only === undefined) return this.#collected();
    this.#unread = [];
    return Promise.resolve(only);
  }

  async #collected(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const { done, value } = await this.read();
      if (done) return Buffer.concat(pieces);
      pieces.push(value);
    }
  }

  cancel(): Promise<void> {
    this.abort();
    return Promise.resolve();
  }

  /** Gives the reply up: what has come and was not read is not wanted any more. */
  abort(): void {
    this.#unread = [];
    this.#unreadBytes = 0;
    if (this.#isOver) return;
    this.failed(new TransportError("aborted", "The attempt was ended."));
    this.#wire.destroy();
  }

  /** Bytes came. */
  push(bytes: Buffer): void {
    try {
      const rest = this.#head === undefined ? this.#takeHead(bytes) : this.#takeBody(bytes);
      // What nobody asked for makes everything after it doubtful.
      if (rest > 0) this.#wire.destroy();
    } catch (error) {
      if (!(error instanceof MalformedHttp)) throw error;
      this.failed(error);
      this.#wire.destroy();
    }
  }

  /** The connection is gone. */
  closed(error: Error | undefined): void {
    if (this.#isOver) return;
    if (this.#head?.framing.kind === "until-close" && error === undefined) {
      this.#finish();
      return;
    }
    const hasBegun = this.#head !== undefined || this.#beginning !== undefined;
    // Who closes in order has let go of an idle connection; a reset is a fault.
    if (!hasBegun && !this.#isFirst && error === undefined) {
      const message = "The upstream closed a kept connection as the request went out.";
      this.failed(new TransportError("connection_lost", message));
    } else this.failed(error ?? new Error("The upstream closed the connection."));
  }

  /** Ends the reply with a fault. */
  failed(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#fault = error;
    if (this.#head === undefined) {
      this.#reject(asTransportError(error));
      return;
    }
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** @returns the number of bytes that are not of this reply */
  #takeHead(bytes: Buffer): number {
    const known = this.#beginning === undefined ? bytes : Buffer.concat([this.#beginning, bytes]);
    const end = known.indexOf(HEAD_END);
    if (end > LARGEST_HEAD_BYTES || (end === -1 && known.length > LARGEST_HEAD_BYTES)) {
      throw new MalformedHttp("The reply's header is too large.");
    }
    if (end === -1) {
      this.#beginning = known;
      return 0;
    }
    this.#beginning = undefined;
    const head = parseReplyHead(known.toString("latin1", 0, end));
    const rest = known.subarray(end + HEAD_END.length);
    if (head.status === 101) throw new MalformedHttp("The upstream wants another protocol.");
    // Interim replies (RFC 9110 section 15.2) come before the one that counts.
    if (head.status < 200) return rest.length === 0 ? 0 : this.#takeHead(rest);
    this.#head = head;
    if (head.framing.kind === "chunked") this.#chunked = new ChunkedBody();
    if (head.framing.kind === "length") this.#left = head.framing.bytes;
    // First of all, so that whoever waits hears of a body that is broken from its beginning.
    this.#resolve(this);
    return this.#takeBody(rest);
  }

  /** @returns the number of bytes that are not of this reply */
  #takeBody(bytes: Buffer): number {
    if (this.#isOver) return bytes.length;
    const framing = this.#needHead().framing.kind;
    if (framing === "none") {
      this.#finish();
      return bytes.length;
    }
    if (framing === "until-close") {
      this.#give(bytes);
      return 0;
    }
    if (this.#chunked !== undefined) {
      const used = this.#chunked.push(bytes, (piece) => this.#give(piece));
      if (this.#chunked.isDone) this.#finish();
      return bytes.length - used;
    }
    const piece = bytes.length <= this.#left ? bytes : bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#give(piece);
    if (this.#left === 0) this.#finish();
    return bytes.length - piece.length;
  }

  #give(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.#waiting !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: piece });
      return;
    }
    this.#unread.push(piece);
    this.#unreadBytes += piece.length;
    if (!this.#isPaused && this.#unreadBytes >= MOST_UNREAD_BYTES) {
      this.#isPaused = true;
      this.#wire.pause();
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.#waiting?.resolve(DONE);
    this.#waiting = undefined;
    if (this.#isPaused) this.#wire.resume();
    this.#isPaused = false;
    this.#wire.finished(this.#needHead());
  }

  #needHead(): ReplyHead {
    if (this.#head === undefined) throw new Error("The reply has no head yet.");
    return this.#head;
  }
}

function asTransportError(error: Error): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError("connect_failed", "The connection to the upstream broke.", error);
}
