// A body that nobody holds, as it goes out: with its length where that is known, else in chunks (RFC 9112).

import type { PassingBody, Payload } from "#core/ports/transport.ts";

/** What follows a head, piece by piece. */
export interface Pieces {
  /** True while a piece is being waited for. */
  readonly isReading: boolean;
  readonly isOver: boolean;
  /** @throws when the rest will not come */
  next(): Promise<Uint8Array>;
}

const NOTHING = new Uint8Array(0);
const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

/** True for a body that is asked for piece by piece. */
export function isPassing(body: Payload): body is PassingBody {
  return typeof body === "object" && "next" in body;
}

/** Pieces of such a body. A body that is not as long as it says ends the connection instead. */
export class PassingPieces implements Pieces {
  readonly #body: PassingBody;
  #sent = 0;
  isReading = false;
  isOver = false;

  constructor(body: PassingBody) {
    this.#body = body;
  }

  async next(): Promise<Uint8Array> {
    this.isReading = true;
    const bytes = await this.#body.next();
    this.isReading = false;
    const { length } = this.#body;
    this.isOver = bytes === undefined;
    if (length === undefined) return bytes === undefined ? LAST_CHUNK : chunk(bytes);
    this.#sent += bytes?.length ?? 0;
    const isWrong = bytes === undefined ? this.#sent !== length : this.#sent > length;
    if (isWrong) throw new RangeError("The body is not as long as it was announced.");
    return bytes ?? NOTHING;
  }
}

/** An empty chunk would be the end. */
function chunk(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return NOTHING;
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, LINE_END]);
}
