// A reply that passes as it comes: sound, plain text, events of a form. Its bytes are looked at from the
// side where they are events, which tell what was used and whether all of it came.

import type { BodyReader } from "#core/ports/transport.ts";
import type { StreamDecoder } from "#dialects/dialect.ts";
import type { FrameSplitter } from "#wire/frame-splitter.ts";
import { SseSplitter } from "#wire/sse.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure, failureOfFault } from "../upstream/attempt-failure.ts";
import { StreamReading } from "./stream-reading.ts";

/** A reply of which the first bytes have come. */
export interface PassingReply {
  readonly reader: BodyReader;
  readonly contentType: string;
  readonly screen: Screen;
  /** What of the first bytes may go to the client. */
  readonly first: readonly Uint8Array[];
}

/**
 * Decides what of the bytes may go on at once. The last of them waits until the call is written down, so
 * that nobody has a whole answer that was not recorded.
 */
export interface Screen {
  readonly reading: StreamReading;
  /** True for events: an error can be told among them. */
  readonly isEvents: boolean;
  /** @throws when the bytes cannot be read on */
  pass(bytes: Uint8Array): readonly Uint8Array[];
  /** What was held back; the reply is over. */
  rest(): readonly Uint8Array[];
  /** True when the end of the bytes is the end of the answer. */
  isComplete(): boolean;
}

/**
 * Reads up to the first bytes.
 * @throws AttemptFailure when there are none, or they are a page or an error
 */
export async function judgePassing(attempt: Attempt): Promise<PassingReply> {
  const { reply } = attempt;
  const status = reply?.status ?? 0;
  const contentType = reply?.headers.get("content-type") ?? "application/octet-stream";
  if (reply === undefined || reply.body === null) {
    throw new AttemptFailure("malformed", "The reply has no body.", { status });
  }
  if (/^(?:text\/html|application\/xhtml)/i.test(contentType)) {
    throw new AttemptFailure("malformed", "The upstream sent a page.", { status });
  }
  const decoder = attempt.dialect.decoder?.();
  const isEvents = /^text\/event-stream/i.test(contentType) && decoder !== undefined;
  const screen = isEvents ? new EventScreen(decoder) : new ByteScreen();
  const reader = reply.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new AttemptFailure("empty", "The reply has no content.", { status });
    const first = screen.pass(value);
    const { fault } = screen.reading;
    if (fault !== undefined) {
      reader.cancel().catch(() => undefined);
      throw failureOfFault(fault, status);
    }
    if (value.length === 0) continue;
    attempt.markFirstToken();
    return { reader, contentType, screen, first };
  }
}

/** Takes a reply for good whatever it is, also when there is nothing in it. */
export async function judgeUnread(attempt: Attempt): Promise<PassingReply> {
  const { reply } = attempt;
  attempt.markFirstToken();
  return {
    reader: reply?.body?.getReader() ?? NOTHING,
    contentType: reply?.headers.get("content-type") ?? "application/octet-stream",
    screen: new ByteScreen(),
    first: [],
  };
}

/** Reads a body that is not there. */
const NOTHING: BodyReader = Object.freeze({
  read: () => Promise.resolve({ done: true } as const),
  cancel: () => Promise.resolve(),
});

/** Bytes without meaning here: all pass but the last one. */
class ByteScreen implements Screen {
  readonly isEvents = false;
  readonly reading = new StreamReading();
  #last: Uint8Array | undefined;

  pass(bytes: Uint8Array): readonly Uint8Array[] {
    if (bytes.length === 0) return [];
    const before = this.#last === undefined ? [] : [this.#last];
    this.#last = bytes.slice(-1);
    const most = bytes.subarray(0, -1);
    return most.length === 0 ? before : [...before, most];
  }

  rest(): readonly Uint8Array[] {
    return this.#last === undefined ? [] : [this.#last];
  }

  /** Framing has seen to it: a body that breaks off is an error of the connection. */
  isComplete(): boolean {
    return true;
  }
}

/** Events: those before the end pass, the one that tells the end waits. */
class EventScreen implements Screen {
  readonly isEvents = true;
  readonly reading = new StreamReading();
  readonly #decoder: StreamDecoder;
  readonly #splitter: FrameSplitter = new SseSplitter();
  readonly #held: Uint8Array[] = [];

  constructor(decoder: StreamDecoder) {
    this.#decoder = decoder;
  }

  pass(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#read(this.#splitter.push(bytes));
  }

  rest(): readonly Uint8Array[] {
    return [...this.#read(this.#splitter.end()), ...this.#held];
  }

  isComplete(): boolean {
    return this.reading.hasEnded;
  }

  #read(frames: ReturnType<FrameSplitter["push"]>): readonly Uint8Array[] {
    const passed: Uint8Array[] = [];
    for (const frame of frames) {
      if (frame.data !== "") this.reading.note(this.#decoder.decode(frame));
      if (this.reading.fault !== undefined) break;
      if (this.reading.hasEnded) this.#held.push(frame.raw);
      else passed.push(frame.raw);
    }
    return passed;
  }
}
