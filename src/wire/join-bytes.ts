// Pieces of a frame put together.

/** All pieces as one array; no copy when there is one only. @param bytes their lengths' sum */
export function joinBytes(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && only.length === bytes) return only;
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
