// The barest HTTP client: one connection, bytes out, bytes in, for tests that must see the wire.

import { connect } from "node:net";
import { joined, textOf } from "./bytes.ts";

export interface RawAnswer {
  /** Everything that came, head included. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Number of pieces that it came in. */
  readonly pieces: number;
  /** True when the other side reset instead of closing. */
  readonly isReset: boolean;
}

/** Sends bytes and reads until the other side closes. */
export function rawCall(origin: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const pieces: Uint8Array[] = [];
    let isReset = false;
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on("data", (piece: Uint8Array) => pieces.push(piece));
    socket.on("error", () => {
      isReset = true;
    });
    socket.on("close", () => {
      const bytes = joined(pieces);
      resolve({ text: textOf(bytes), bytes, pieces: pieces.length, isReset });
    });
  });
}

/** The text of a JSON call. `connection: close` makes the answer end. */
export function jsonCall(target: string, body: unknown): string {
  const text = JSON.stringify(body);
  return [
    `POST ${target} HTTP/1.1`,
    "Host: upstream",
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "",
    text,
  ].join("\r\n");
}
