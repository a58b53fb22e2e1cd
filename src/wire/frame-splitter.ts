// The framings that streams of upstreams come in, and the splitter for each. Whatever the framing, a
// frame reaches its reader as a name, data as text, and the bytes that it came in.

import { AwsEventStreamSplitter } from "./aws-event-stream.ts";
import { NdjsonSplitter } from "./ndjson.ts";
import { type SseEvent, SseSplitter } from "./sse.ts";

/** How an upstream frames its streams: server-sent events, AWS's binary messages, or lines of JSON. */
export type StreamFraming = "sse" | "aws-event-stream" | "ndjson";

/** Finds the frames in a byte stream, wherever its chunks are cut. One instance a stream. */
export interface FrameSplitter {
  /**
   * Takes the next bytes. The frames refer to the chunk, which must not be reused.
   * @returns the frames that these bytes complete, possibly none
   * @throws FramingError or SseLimitError when the stream cannot be read on
   */
  push(chunk: Uint8Array): SseEvent[];
  /** Says that no more bytes will come. @returns what was held back and is a frame all the same */
  end(): SseEvent[];
}

/** A new splitter. */
export function splitterOf(framing: StreamFraming): FrameSplitter {
  switch (framing) {
    case "sse":
      return new SseSplitter();
    case "aws-event-stream":
      return new AwsEventStreamSplitter();
    case "ndjson":
      return new NdjsonSplitter();
  }
}

/** Some servers send streams without a type, as plain text or as bytes; HTML is something else. */
const CONTENT_TYPES: Readonly<Record<StreamFraming, RegExp>> = {
  sse: /^text\/(?:event-stream|plain)|^application\/octet-stream/i,
  "aws-event-stream": /^application\/(?:vnd\.amazon\.eventstream|octet-stream)/i,
  ndjson: /^application\/(?:(?:x-)?ndjson|jsonl|json\b|octet-stream)|^text\/plain/i,
};

/** Whether a body of this content type may be a stream in the framing. JSON is none but as lines. */
export function mayBeFramedAs(framing: StreamFraming, contentType: string | null): boolean {
  return contentType === null || CONTENT_TYPES[framing].test(contentType);
}
