// Reads HTTP/1.1 requests off a socket, keeping what other servers throw away: header order, header
// case and the raw target.

import { bytesOf, joined, textOf } from "./bytes.ts";

/** A header as it stood on the wire. */
export type HeaderPair = readonly [name: string, value: string];

/** A request as it stood on the wire, the body without chunk framing. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  readonly body: Uint8Array;
}

const HEAD_END = bytesOf("\r\n\r\n");
const LINE_END = bytesOf("\r\n");

type Head = Omit<RawRequest, "body">;

/** The value of the first header of that name, any case. */
export function headerIn(headers: readonly HeaderPair[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** Collects bytes and gives whole requests. One instance a connection. */
export class RequestReader {
  readonly #pending: Uint8Array[] = [];
  #pendingLength = 0;
  #head: Head | undefined;
  #wantedLength = 0;

  push(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingLength += bytes.length;
  }

  /** The next whole request, or undefined until more bytes are there. */
  next(): RawRequest | undefined {
    if (this.#pendingLength === 0 || this.#pendingLength < this.#wantedLength) return undefined;
    this.#head ??= this.#readHead();
    const head = this.#head;
    if (head === undefined) return undefined;
    const body = this.#readBody(head);
    if (body === undefined) return undefined;
    this.#head = undefined;
    this.#wantedLength = 0;
    return { ...head, body };
  }

  #buffer(): Uint8Array {
    const whole = this.#pending.length === 1 ? this.#pending[0] : undefined;
    const buffer = whole ?? joined(this.#pending);
    this.#pending.length = 0;
    this.#pending.push(buffer);
    return buffer;
  }

  #keep(rest: Uint8Array): void {
    this.#pending.length = 0;
    this.#pendingLength = rest.length;
    if (rest.length > 0) this.#pending.push(rest);
  }

  #readHead(): Head | undefined {
    const buffer = this.#buffer();
    const end = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length).indexOf(HEAD_END);
    if (end < 0) return undefined;
    const [requestLine = "", ...lines] = textOf(buffer.subarray(0, end)).split("\r\n");
    this.#keep(buffer.subarray(end + HEAD_END.length));
    const [method = "", target = ""] = requestLine.split(" ");
    const headers = lines.map((line): HeaderPair => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    return { method, target, headers };
  }

  #readBody(head: Head): Uint8Array | undefined {
    const encoding = headerIn(head.headers, "transfer-encoding") ?? "";
    if (encoding.toLowerCase() === "chunked") return this.#readChunks();
    const length = Number(headerIn(head.headers, "content-length") ?? "0");
    if (this.#pendingLength < length) {
      this.#wantedLength = length;
      return undefined;
    }
    const buffer = this.#buffer();
    this.#keep(buffer.subarray(length));
    return buffer.slice(0, length);
  }

  #readChunks(): Uint8Array | undefined {
    const buffer = this.#buffer();
    const view = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length);
    const pieces: Uint8Array[] = [];
    let offset = 0;
    for (;;) {
      const lineEnd = view.indexOf(LINE_END, offset);
      if (lineEnd < 0) return undefined;
      const size = Number.parseInt(textOf(buffer.subarray(offset, lineEnd)), 16);
      const start = lineEnd + LINE_END.length;
      const end = start + size + LINE_END.length;
      if (buffer.length < end) return undefined;
      if (size === 0) {
        this.#keep(buffer.subarray(end));
        return joined(pieces);
      }
      pieces.push(buffer.slice(start, start + size));
      offset = end;
    }
  }
}
