// One server-sent event, with the bytes that it came in.

/** An event of a stream. */
export interface SseEvent {
  /** The `event:` field, empty when there is none. */
  readonly name: string;
  /** All `data:` lines joined by a line feed; empty for comments. */
  readonly data: string;
  /** The frame as received, blank line included, for passing it on untouched. */
  readonly raw: Uint8Array;
}
