// Finds the end of HTTP replies on a keep-alive connection with as little work as possible.

const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

/** Reads reply after reply. Bodies are skipped, not kept. One instance a connection. */
export class ReplyReader {
  status = 0;
  #head: Buffer | undefined;
  #bodyLeft = -1;
  #isChunked = false;
  #tail: Buffer = Buffer.alloc(0);

  /** Takes bytes; true when they ended the reply. Replies must not be pipelined. */
  take(bytes: Buffer): boolean {
    if (this.#bodyLeft >= 0) {
      this.#bodyLeft -= bytes.length;
      return this.#bodyLeft <= 0 && this.#reset();
    }
    if (this.#isChunked) return this.#takeChunked(bytes);
    const known = this.#head === undefined ? bytes : Buffer.concat([this.#head, bytes]);
    const end = known.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = Buffer.from(known);
      return false;
    }
    return this.#readHead(known, end);
  }

  #readHead(known: Buffer, end: number): boolean {
    this.#head = undefined;
    const head = known.toString("latin1", 0, end);
    this.status = Number(head.slice(9, 12));
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    const body = known.subarray(end + HEAD_END.length);
    if (length === undefined) {
      this.#isChunked = true;
      return this.#takeChunked(body);
    }
    this.#bodyLeft = Number(length) - body.length;
    return this.#bodyLeft <= 0 && this.#reset();
  }

  #takeChunked(bytes: Buffer): boolean {
    const known = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    if (known.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) return this.#reset();
    this.#tail = Buffer.from(known.subarray(-LAST_CHUNK.length));
    return false;
  }

  #reset(): true {
    this.#bodyLeft = -1;
    this.#isChunked = false;
    this.#tail = Buffer.alloc(0);
    return true;
  }
}
