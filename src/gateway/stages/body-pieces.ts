// A body that arrives in pieces, put together without a long pause at its end and without taking the
// room that it declares before a good part of it is here.

/** The share of a declared body that has to be here before room is made for all of it. */
const ROOM_SHARE = 1 / 8;

/** Collects the pieces of one body. */
export class BodyPieces {
  readonly #declaredBytes: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #room: Uint8Array | undefined;

  /** @param declaredBytes NaN when nothing was declared */
  constructor(declaredBytes: number) {
    this.#declaredBytes = declaredBytes;
  }

  add(piece: Uint8Array): void {
    const start = this.#bytes;
    this.#bytes += piece.length;
    if (this.#room !== undefined) {
      this.#room.set(piece, start);
      return;
    }
    this.#pieces.push(piece);
    if (this.#bytes >= this.#declaredBytes * ROOM_SHARE)
      this.#room = this.#join(this.#declaredBytes);
  }

  /** @throws RangeError when less has come than was declared, or more */
  whole(): Uint8Array {
    if (!Number.isNaN(this.#declaredBytes) && this.#bytes !== this.#declaredBytes) {
      throw new RangeError("The body is not as long as it declared.");
    }
    return this.#room ?? this.#join(this.#bytes);
  }

  #join(bytes: number): Uint8Array {
    // Not cleared: each byte is written before the whole is given out, and clearing 50 MB is a long pause.
    const room = Buffer.allocUnsafeSlow(bytes);
    let offset = 0;
    for (const piece of this.#pieces) {
      room.set(piece, offset);
      offset += piece.length;
    }
    this.#pieces = [];
    return room;
  }
}
