// What a splitter throws when the bytes of a stream are not of its framing, or a frame is too large.

/** The stream cannot be read on: where its next frame begins is not known any more. */
export class FramingError extends Error {
  /** @param message what is wrong, one sentence */
  constructor(message: string) {
    super(message);
    this.name = "FramingError";
  }
}

/** What one frame may hold unless told otherwise, in bytes. */
export const DEFAULT_MAX_FRAME_BYTES = 64 * 1024 * 1024;
