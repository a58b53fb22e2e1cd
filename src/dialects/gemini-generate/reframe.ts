// One stream as one JSON array: what Gemini sends when a client does not ask for `alt=sse`, while
// upstream streams are always SSE.

/** Turns the data of SSE events into the pieces of an array, byte for byte. One instance a stream. */
export interface ArrayReframer {
  /** @param data the JSON text of one chunk; empty (a comment) gives nothing */
  piece(data: string): string;
  /** Closes the array. */
  end(): string;
}

/** Starts an array. */
export function arrayReframer(): ArrayReframer {
  let isOpen = false;
  return {
    piece(data) {
      if (data === "") return "";
      const opening = isOpen ? ",\r\n" : "[";
      isOpen = true;
      return opening + data;
    },
    end: () => (isOpen ? "]" : "[]"),
  };
}
